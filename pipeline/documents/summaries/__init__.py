"""Markdown: a summary per municipality, one for the steering group, and what all of them rest on, from `templates/`.

Python prepares what a template shows as plain words and rows; a template only places them. Every text that comes
from outside arrives literally, whatever Markdown or HTML it looks like: that is the default for all that a
template prints.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, ClassVar

from pipeline.documents import Format, Render
from pipeline.documents.summaries.markdown import finished, print_value
from pipeline.documents.summaries.municipality import show_municipality
from pipeline.documents.summaries.premises import show_premises
from pipeline.documents.summaries.steering import show_contents, show_municipalities, show_steering
from pipeline.errors import TextsError
from pipeline.intake import Intake
from pipeline.model.indication import Indication
from pipeline.reference.data import ReferenceData
from pipeline.reference.places import Folder
from pipeline.reference.texts import Texts

if TYPE_CHECKING:
    import jinja2

MUNICIPALITY = "gemeente.md.j2"
STEERING_GROUP = "stuurgroep.md.j2"
MUNICIPALITIES = "gemeenten.md.j2"
CONTENTS = "inhoud.md.j2"
PREMISES = "uitgangspunten.md.j2"
TEMPLATES = (MUNICIPALITY, STEERING_GROUP, MUNICIPALITIES, CONTENTS, PREMISES)
PAGE, BOOK_CONTENTS, PREMISES_PAGE = "stuurgroep.md", "SUMMARY.md", "uitgangspunten.md"
LIST_PAGE = "gemeenten/README.md"


@dataclass(frozen=True, slots=True)
class Summaries(Format):
    """The templates and texts from which summaries are made.

    `sources` are the names and contents of the templates; where each stands shows in no summary. `others` are the
    suffixes of the municipality's other documents.
    """

    suffix: ClassVar[str] = ".md"
    libraries: ClassVar[Sequence[str]] = ("jinja2", "markupsafe")
    modules: ClassVar[Sequence[str]] = ("jinja2",)

    sources: tuple[tuple[str, str], ...]
    paths: tuple[str, ...] = field(repr=False)
    texts: Texts
    others: Sequence[str]

    @classmethod
    def read(cls, templates: Folder, texts: Texts, others: Sequence[str] = ()) -> Summaries:
        """Read the Markdown templates (`*.md.j2`) from a folder.

        Raises:
            TextsError: if a template cannot be read, is missing or is broken.
        """
        paths = sorted(templates.glob("*.md.j2"), key=lambda path: path.name)
        sources = {}
        try:
            for path in paths:
                sources[path.name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise TextsError(f"{path}: cannot be read ({error}); save it as UTF-8.") from error
        missing = [
            name for name in (MUNICIPALITY, STEERING_GROUP, MUNICIPALITIES, CONTENTS, PREMISES) if name not in sources
        ]
        if missing:
            raise TextsError(*(f"{templates / name}: is missing; put the template back." for name in missing))
        summaries = cls(tuple(sources.items()), tuple(map(str, paths)), texts, others)
        environment = _environment(summaries.sources, summaries.paths)
        for path in paths:
            try:
                environment.get_template(path.name)
            except _template_errors() as error:
                raise _broken(str(path), error) from error
        _refuse_circles(environment, sources, {path.name: str(path) for path in paths})
        return summaries

    def render(self, indication: Indication, data: ReferenceData) -> bytes:
        """The summary of one municipality."""
        return self._fill_in(MUNICIPALITY, show_municipality(indication, data, self.texts))

    def together(self, _intake: Intake) -> Mapping[str, Render]:
        """The page of the steering group, the list of municipalities, what all rests on, and what makes a GitBook."""
        where = f"structure:\n  readme: {PAGE}\n  summary: {BOOK_CONTENTS}\n".encode()
        return {
            PAGE: lambda overview, data: [self._fill_in(STEERING_GROUP, show_steering(overview, data, self.texts))],
            LIST_PAGE: lambda overview, data: [
                self._fill_in(MUNICIPALITIES, show_municipalities(overview, data, self.texts, self.others))
            ],
            PREMISES_PAGE: lambda _, data: [self._fill_in(PREMISES, show_premises(data, self.texts))],
            BOOK_CONTENTS: lambda overview, _: [self._fill_in(CONTENTS, show_contents(overview, self.texts))],
            ".gitbook.yaml": lambda *_: [where],
        }

    def _fill_in(self, name: str, view: Mapping[str, Any]) -> bytes:
        """Fill in one template; blank lines are single and the text ends in one newline."""
        template = _environment(self.sources, self.paths).get_template(name)
        try:
            text = template.render(view)
        except _template_errors() as error:
            raise _broken(str(template.filename), error) from error
        return finished(re.sub(r"\n{3,}", "\n\n", text).strip()).encode() + b"\n"


# --- Templates --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _environment(sources: tuple[tuple[str, str], ...], paths: tuple[str, ...]) -> jinja2.Environment:
    """The templates, made ready once; what they print is escaped unless it is `Markdown`."""
    import jinja2

    from pipeline.documents.summaries.sandbox import Sandbox

    by_name = {name: (text, path, None) for (name, text), path in zip(sources, paths, strict=True)}

    return Sandbox(
        loader=jinja2.FunctionLoader(by_name.get),
        undefined=jinja2.StrictUndefined,
        finalize=print_value,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


_TAKES_IN = re.compile("include|extends|import")
"""What stands in a template that takes in another one."""


def _refuse_circles(environment: jinja2.Environment, sources: Mapping[str, str], paths: Mapping[str, str]) -> None:
    """Refuse a template that takes in itself, at once or by way of others: a run would find that out at its end."""
    from jinja2 import nodes

    taking: tuple[Any, ...] = (nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)
    takes_in = {
        name: {
            node.template.value: node.lineno
            for node in environment.parse(text).find_all(taking)
            if isinstance(node.template, nodes.Const)
        }
        for name, text in sources.items()
        if _TAKES_IN.search(text)
    }
    try:
        TopologicalSorter(takes_in).prepare()
    except CycleError as error:
        taken, name, *_ = error.args[1]
        raise TextsError(
            f"{paths[name]}: line {takes_in[name][taken]}: takes in {taken}, and with it itself without end; "
            "mend the template."
        ) from error


def _template_errors() -> tuple[type[Exception], ...]:
    """What a broken template raises: Jinja's own errors, what its expressions do to values, too much of anything."""
    import jinja2

    by_values = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
    return (jinja2.TemplateError, *by_values, RecursionError, MemoryError, SyntaxError)


def _broken(path: str, error: Exception) -> TextsError:
    """The sentence about a broken template, at the deepest line that is in a template, or else of its path."""
    import jinja2

    if isinstance(error, jinja2.TemplateSyntaxError):
        place = (error.filename or path, error.lineno)
    else:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(".j2")]
        place = (frames[-1].filename, frames[-1].lineno or 1) if frames else (path, 1)
    match error:
        case jinja2.TemplateNotFound():
            why = f"there is no template {error.name}"
        case MemoryError():
            why = "the memory is full"
        case SyntaxError():
            why = f"{error.msg}"
        case _:
            why = str(error)
    return TextsError(f"{place[0]}: line {place[1]}: {why}; mend the template.")
