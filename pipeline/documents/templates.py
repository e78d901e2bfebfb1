"""Templates that people edit: read and checked before anything is made of them, and filled in within a sandbox.

A template only places what it is given. How that is printed is of its kind: literally, whatever it holds.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import TextsError
from pipeline.intake.fields.characters import in_a_line
from pipeline.reference.places import Folder

if TYPE_CHECKING:
    import jinja2

HTML = ".html.j2"
"""How the name of a template ends that is HTML: what it prints is escaped as such besides."""


def on_one_line(value: object) -> str:
    """A value as plain text prints it: what it holds from outside begins no line of its own."""
    return in_a_line(str(value))


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of a kind: `sources` are their names and contents; where each stands shows in no document.

    `printed` makes text of a value that a template prints.
    """

    sources: tuple[tuple[str, str], ...]
    paths: tuple[str, ...] = field(repr=False)
    printed: Callable[[object], str] = field(repr=False)

    @classmethod
    def read(cls, folder: Folder, pattern: str, wanted: Iterable[str], printed: Callable[[object], str]) -> Templates:
        """Read the templates of a folder whose names match; `wanted` are those that must be there.

        Raises:
            TextsError: if a template cannot be read, is missing or is broken.
        """
        paths = sorted(folder.glob(pattern), key=lambda path: path.name)
        sources = {path.name: _text(path) for path in paths}
        if missing := [name for name in wanted if name not in sources]:
            raise TextsError(*(f"{folder / name}: is missing; put the template back." for name in missing))
        templates = cls(tuple(sources.items()), tuple(map(str, paths)), printed)
        environment = templates._environment
        for path in paths:
            try:
                environment.get_template(path.name)
            except _template_errors() as error:
                raise _broken(str(path), error) from error
        _refuse_circles(environment, sources, {path.name: str(path) for path in paths})
        return templates

    def fill_in(self, name: str, view: Mapping[str, Any]) -> str:
        """Fill in one template; blank lines are single and the text ends in one newline.

        Raises:
            TextsError: if the template is broken.
        """
        return "".join(self.pieces(name, view))

    def pieces(self, name: str, view: Mapping[str, Any]) -> Iterator[str]:
        """The same in pieces, so that a long text need not be in memory."""
        template = self._environment.get_template(name)
        white, begun = "", False
        try:
            stream = template.stream(view)
            stream.enable_buffering(_AT_ONCE)
            for piece in stream:
                text = white + piece if begun else piece.lstrip()
                said = text.rstrip()
                white = text[len(said) :]
                if said:
                    yield re.sub(r"\n{3,}", "\n\n", said)
                    begun = True
        except _template_errors() as error:
            raise _broken(str(template.filename), error) from error
        yield "\n"

    @property
    def _environment(self) -> jinja2.Environment:
        return _environment(self.sources, self.paths, self.printed)


_AT_ONCE = 1_000
"""Of how many parts that a template prints a piece consists."""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TextsError(f"{path}: cannot be read ({error}); save it as UTF-8.") from error


@lru_cache(maxsize=4)
def _environment(
    sources: tuple[tuple[str, str], ...], paths: tuple[str, ...], printed: Callable[[object], str]
) -> jinja2.Environment:
    """The templates, made ready once."""
    import jinja2

    from pipeline.documents.compiled import Compiled
    from pipeline.documents.sandbox import Sandbox

    by_name = {name: (text, path, None) for (name, text), path in zip(sources, paths, strict=True)}

    return Sandbox(
        loader=jinja2.FunctionLoader(by_name.get),
        undefined=jinja2.StrictUndefined,
        bytecode_cache=Compiled(printed),
        finalize=printed,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=lambda name: bool(name and name.endswith(HTML)),
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
