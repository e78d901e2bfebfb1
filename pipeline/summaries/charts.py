"""The charts of the steering group's page, as SVG: readable without colour, and by who cannot see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from pipeline.overview import SIZE_CLASSES, TOTAL, Overview

INK, BLUE, GREY = "#1B1B1B", "#154273", "#BFC7D1"
HATCHED, OPEN = "url(#schuin)", "#FFFFFF"


FILES = tuple(f"stuurgroep/{name}.svg" for name in ("bijdragen", "eerste-jaar", "saas"))
"""The names of the files in the folder with results."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart of stacked columns: its name, title and what it shows in words, the labels below, and the series."""

    key: str
    title: str
    says: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[float]]

    @property
    def name(self) -> str:
        """The name of its file in the folder with results."""
        return f"stuurgroep/{self.key}.svg"

    @property
    def alt(self) -> str:
        """What it shows, for who cannot see it."""
        return f"{self.title.removesuffix('.')}. {self.says}"


def pictures(overview: Overview) -> tuple[Picture, ...]:
    """The charts of the page; without municipalities there are none."""
    if not len(overview.municipalities):
        return ()
    contributions = overview.contributions.to_dict("index")
    classes = overview.by_class.to_dict("index")
    market = overview.market.to_dict("index")
    years = [label for label in market if label != TOTAL]
    return (
        Picture(
            "bijdragen",
            "Wie bijdraagt: gemeenten per grootteklasse",
            "Gestapelde kolommen: per grootteklasse hoeveel gemeenten financieel, anders of niet bijdragen.",
            SIZE_CLASSES,
            {
                "Financieel": [contributions[label]["financial"] for label in SIZE_CLASSES],
                "Alternatief": [
                    contributions[label]["agreed"] + contributions[label]["not_agreed"] for label in SIZE_CLASSES
                ],
                "Geen": [contributions[label]["none"] for label in SIZE_CLASSES],
            },
        ),
        Picture(
            "eerste-jaar",
            "Eerste jaar per grootteklasse in euro, zonder p.m.",
            "Gestapelde kolommen: per grootteklasse de lage raming van het eerste jaar en het verschil met de hoge.",
            SIZE_CLASSES,
            _range([classes[label]["first_year"] for label in SIZE_CLASSES]),
        ),
        Picture(
            "saas",
            "Saas per startjaar in euro per jaar",
            "Gestapelde kolommen: per startjaar de lage raming van de saas die gemeenten vragen en het verschil met de "
            "hoge.",
            list(map(str, years)),
            _range([market[year]["saas_cost"] for year in years]),
        ),
    )


def _range(amounts: Sequence[Any]) -> dict[str, list[float]]:
    return {"Laag": [float(a.low) for a in amounts], "Van laag tot hoog": [float(a.spread) for a in amounts]}


def draw(picture: Picture) -> bytes:
    """The file of a chart, as SVG; the same numbers give the same bytes."""
    import pygal
    from pygal.etree import etree
    from pygal.style import Style

    etree.to_etree()  # the library's own choice depends on what else is installed
    style = Style(
        background="#FFFFFF",
        plot_background="#FFFFFF",
        foreground=INK,
        foreground_strong=INK,
        foreground_subtle=INK,
        guide_stroke_color=GREY,
        major_guide_stroke_color=GREY,
        font_family="Arial, sans-serif",
        title_font_size=18,
        legend_font_size=14,
        label_font_size=14,
        major_label_font_size=14,
        opacity="1",
        colors=(BLUE, HATCHED, OPEN),
    )
    chart = pygal.StackedBar(
        style=style,
        js=(),
        width=720,
        height=380,
        title=picture.title,
        x_labels=picture.labels,
        legend_at_bottom=True,
        show_minor_y_labels=True,
        value_formatter=_dutch,
        legend_at_bottom_columns=len(picture.series),
        min_scale=4,
        range=None if any(map(any, picture.series.values())) else (0, 1),
    )
    chart.uuid = picture.key  # else a random one, another in each run
    for label, values in picture.series.items():
        chart.add(label, list(values))
    chart.add_xml_filter(lambda root: _completed(root, picture))
    svg: bytes = chart.render()
    return svg + b"\n"


def _completed(root: ElementTree.Element, picture: Picture) -> ElementTree.Element:
    """Say what it shows, hatch what is hatched, outline every column; leave out when it was made, and any script."""
    for child in list(root):
        if not isinstance(child.tag, str):  # a comment
            root.remove(child)
    for parent in root.iter():
        for script in parent.findall("script"):
            parent.remove(script)
    root.set("role", "img")
    for number, (tag, text) in enumerate((("title", picture.title), ("desc", picture.says))):
        element = ElementTree.Element(tag)
        element.text = text
        root.insert(number, element)
    definitions = root.find("defs")
    if definitions is not None:
        definitions.append(ElementTree.fromstring(_HATCH))
        style = ElementTree.SubElement(definitions, "style", {"type": "text/css"})
        style.text = f".bars rect,.legend rect{{stroke:{BLUE} !important;stroke-width:1}}"
    return root


_HATCH = f"""<pattern id="schuin" width="6" height="6"
 patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#FFFFFF"/><line
 x1="0" y1="0" x2="0" y2="6" stroke="{BLUE}" stroke-width="3"/></pattern>"""


def _dutch(value: float) -> str:
    """A number at the axis; of a few municipalities there are no halves."""
    return f"{value:,.0f}".replace(",", ".") if value == round(value) else ""
