"""Markdown: a summary per municipality and one for the steering group, from the templates in `templates/`.

Python prepares what a template shows as plain words and rows; a template only places them. Every text that comes
from outside arrives literally, whatever Markdown or HTML it looks like: that is the default for all that a
template prints.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.errors import TextsError
from pipeline.indication import Indication
from pipeline.overview import Overview
from pipeline.reference.places import Folder
from pipeline.results import Basis
from pipeline.summaries.markdown import print_value
from pipeline.summaries.municipality import show_municipality
from pipeline.summaries.steering import show_contents, show_steering
from pipeline.texts import Texts

if TYPE_CHECKING:
    import jinja2

MUNICIPALITY = "gemeente.md.j2"
STEERING_GROUP = "stuurgroep.md.j2"
CONTENTS = "inhoud.md.j2"


@dataclass(frozen=True, slots=True)
class Summaries:
    """The templates and texts from which summaries are made; plain data, so that it can go to another process.

    `sources` are the names and contents of the templates, `paths` where each stands.
    """

    sources: tuple[tuple[str, str], ...]
    paths: tuple[str, ...]
    texts: Texts

    def indication(self, indication: Indication, basis: Basis) -> str:
        """The summary of one municipality.

        Raises:
            TextsError: if the template is broken.
        """
        return self._render(MUNICIPALITY, show_municipality(indication, basis, self.texts))

    def overview(self, overview: Overview, basis: Basis) -> str:
        """The summary for the steering group.

        Raises:
            TextsError: if the template is broken.
        """
        return self._render(STEERING_GROUP, show_steering(overview, basis, self.texts))

    def contents(self, overview: Overview) -> str:
        """The table of contents with which the folder with results can be published as a GitBook.

        Raises:
            TextsError: if the template is broken.
        """
        return self._render(CONTENTS, show_contents(overview, self.texts))

    def _render(self, name: str, view: Mapping[str, Any]) -> str:
        """Fill in one template; blank lines are single and the text ends in one newline."""
        template = _environment(self.sources, self.paths).get_template(name)
        try:
            text = template.render(view)
        except _template_errors() as error:
            raise _broken(str(template.filename), error) from error
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def read_templates(folder: Folder, texts: Texts) -> Summaries:
    """Read the Markdown templates (`*.md.j2`) from a folder.

    Raises:
        TextsError: if a template is missing, cannot be read or is not a valid template; it names file and line.
    """
    paths = sorted(folder.glob("*.md.j2"), key=lambda path: path.name)
    sources = {}
    try:
        for path in paths:
            sources[path.name] = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TextsError(f"{path}: cannot be read ({error}); save it as UTF-8.") from error
    missing = [name for name in (MUNICIPALITY, STEERING_GROUP, CONTENTS) if name not in sources]
    if missing:
        raise TextsError(*(f"{folder / name}: is missing; put the template back." for name in missing))
    summaries = Summaries(tuple(sources.items()), tuple(map(str, paths)), texts)
    environment = _environment(summaries.sources, summaries.paths)
    for path in paths:
        try:
            environment.get_template(path.name)
        except _template_errors() as error:
            raise _broken(str(path), error) from error
    return summaries


# --- Templates --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _environment(sources: tuple[tuple[str, str], ...], paths: tuple[str, ...]) -> jinja2.Environment:
    """The templates, made ready once; what they print is escaped unless it is `Markdown`."""
    import jinja2

    from pipeline.summaries.sandbox import Sandbox

    by_name = {name: (text, path, None) for (name, text), path in zip(sources, paths, strict=True)}

    return Sandbox(
        loader=jinja2.FunctionLoader(by_name.get),
        undefined=jinja2.StrictUndefined,
        finalize=print_value,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


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
