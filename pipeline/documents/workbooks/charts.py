"""Charts: one pattern a series, told apart without colour, with a text that says what they show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import xlsxwriter

from pipeline.documents.workbooks import styles
from pipeline.documents.workbooks.sheets import Chart

NARROW = 450
"""Below how many pixels a chart has smaller letters."""


def draw(book: xlsxwriter.Workbook, chart: Chart, width: int, height: int, ranges: Mapping[str, str]) -> Any:
    """A chart of so many pixels; `ranges` are the references of the defined names."""
    drawn = book.add_chart({"type": "column"} | ({"subtype": "stacked"} if chart.stacked else {}))
    for (label, name), fill in zip(chart.shown.items(), styles.FILLS, strict=False):
        look: dict[str, Any] = fill | {"border": {"color": styles.BLUE}}
        categories, values = ranges[chart.categories], ranges[name]
        drawn.add_series({"name": label, "categories": categories, "values": values, "gap": 60, **look})
    narrow = width < NARROW
    font = {"name": styles.FONT, "size": 8 if narrow else 10, "color": styles.INK}
    drawn.set_title({"name": chart.title, "name_font": font | {"size": 11 if narrow else 12}, "overlay": False})
    axis = {"name_font": font, "num_font": font}
    drawn.set_x_axis({"name": chart.category_title, **axis})
    drawn.set_y_axis(
        {
            "name": chart.value_title,
            **axis,
            "num_format": styles.EUROS if chart.in_euros else "#,##0",
            "min": 0,
            "major_gridlines": {"visible": True, "line": {"color": styles.RULE_GREY}},
        }
    )
    drawn.set_legend({"position": "bottom", "font": font} if len(chart.shown) > 1 else {"none": True})
    drawn.set_size({"width": width, "height": height})
    return drawn
