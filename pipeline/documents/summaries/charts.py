"""The charts of the steering group's page, as SVG: readable without colour, and by who cannot see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from xml.etree import ElementTree

from msgspec import Struct

from pipeline import dutch
from pipeline.documents import Format, Render
from pipeline.intake import Intake
from pipeline.model.amounts import Amount
from pipeline.reference.data import ReferenceData
from pipeline.results.overview import NO_PHASE, PHASES, SIZE_CLASSES, Overview

INK, BLUE, GREY = "#1B1B1B", "#154273", "#BFC7D1"
HATCHED, OPEN = "url(#schuin)", "#FFFFFF"

KEYS = ("bijdragen", "jaren", "fasen")


@dataclass(frozen=True, slots=True)
class Charts(Format):
    """The pictures of the steering group's page; without municipalities there are none."""

    libraries: ClassVar[Sequence[str]] = ("pygal",)

    def together(self, intake: Intake) -> Mapping[str, Render]:
        """A file each."""
        return {_name(key): partial(_render, key) for key in KEYS} if intake.choices else {}


def _name(key: str) -> str:
    return f"stuurgroep/{key}.svg"


def _render(key: str, overview: Overview, _data: ReferenceData) -> Iterator[bytes]:
    yield from (draw(picture) for picture in pictures(overview) if picture.key == key)


class Picture(Struct, frozen=True):
    """A chart of stacked columns: its name, title and what it shows in words, the labels below, and the series.

    Without any column it says in words that nothing is known (`empty`), and draws no axes.
    """

    key: str
    title: str
    says: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[float]]
    empty: str = ""
    in_euros: bool = False

    @property
    def drawn(self) -> bool:
        """Whether there is any column."""
        return any(map(any, self.series.values()))

    @property
    def name(self) -> str:
        """The name of its file in the folder with results."""
        return _name(self.key)

    @property
    def alt(self) -> str:
        """What it shows, for who cannot see it."""
        return f"{self.title.removesuffix('.')}. {self.says if self.drawn else self.empty}"


def pictures(overview: Overview) -> tuple[Picture, ...]:
    """The charts of the page; without municipalities there are none."""
    if not overview.municipalities:
        return ()
    classes, phases, years = overview.counted.by_class, overview.counted.by_phase, overview.counted.years
    totals = [sums.total for sums in years.values()]
    known = [label for label in PHASES if label != NO_PHASE]
    return (
        Picture(
            "jaren",
            "Kosten per jaar",
            f"Gestapelde kolommen: per kalenderjaar de lage raming in euro en het verschil met de hoge. {_MINIMAL}",
            _labels(list(map(str, years)), totals),
            _range(totals),
            _UNKNOWN,
            in_euros=True,
        ),
        Picture(
            "bijdragen",
            "Hoe gemeenten bijdragen, per grootteklasse",
            "Gestapelde kolommen: per grootteklasse hoeveel gemeenten financieel, anders of niet bijdragen.",
            SIZE_CLASSES,
            {
                "Financieel": [classes[label].financial for label in SIZE_CLASSES],
                "Alternatief": [classes[label].agreed + classes[label].not_agreed for label in SIZE_CLASSES],
                "Geen": [classes[label].none for label in SIZE_CLASSES],
            },
        ),
        Picture(
            "fasen",
            "Hoe ver gemeenten zijn, voor zover opgegeven",
            "Kolommen: het aantal gemeenten in elke fase, in de volgorde van de fasen.",
            known,
            {"Gemeenten": [phases[label].municipalities for label in known]},
            "Van geen gemeente is de fase opgegeven.",
        ),
    )


_MINIMAL = "Bij minimaal ontbreekt een post zonder bedrag: het wordt meer."
_UNKNOWN = "Er is nog geen bedrag bekend."


def _labels(labels: Sequence[str], amounts: Sequence[Amount]) -> list[str]:
    """The labels below columns; of a column that misses something the label says so, since it has an open end."""
    return [f"{label}{_open_end(amount)}" for label, amount in zip(labels, amounts, strict=True)]


def _open_end(amount: Amount) -> str:
    if not amount.pro_memorie:
        return ""
    return " (onbekend)" if amount.unquantified else " (minimaal)"


def _range(amounts: Sequence[Amount]) -> dict[str, list[float]]:
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
        no_data_font_size=18,
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
        value_formatter=_euros if picture.in_euros else _dutch,
        legend_at_bottom_columns=len(picture.series),
        min_scale=4,
        truncate_label=-1,
        no_data_text=picture.empty,
        show_y_labels=picture.drawn,
        show_y_guides=picture.drawn,
    )
    chart.uuid = picture.key  # else a random one, another in each run
    for label, values in picture.series.items() if picture.drawn else ():
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
    for number, (tag, text) in enumerate(
        (("title", picture.title), ("desc", picture.says if picture.drawn else picture.empty))
    ):
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


def _euros(value: float) -> str:
    return dutch.euros(int(value)) if value == round(value) else ""


def _dutch(value: float) -> str:
    """A number at the axis; of a few municipalities there are no halves."""
    return dutch.number(int(value)) if value == round(value) else ""
