"""The code of templates is kept where Python keeps that of the program, and used for the same template only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import pytest

from pipeline import own_files
from pipeline.documents import compiled, templates
from pipeline.documents.sandbox import Sandbox
from pipeline.documents.summaries.markdown import print_value
from pipeline.documents.templates import Templates, on_one_line
from pipeline.errors import TextsError

NAME = "woord.md.j2"


class Program:
    """The program as it is started anew each time: what it keeps is in a folder, and it counts what it compiles."""

    def __init__(self) -> None:
        self.compiled = 0

    def fill_in(self, folder: Path, **view: object) -> str:
        """What the template in a folder gives, by a process of its own."""
        templates._environment.cache_clear()
        return Templates.read(folder, "*.md.j2", [NAME], on_one_line).fill_in(NAME, view)

    @property
    def kept(self) -> Path:
        """Where the code is kept."""
        return Path(cache_from_source(Path(compiled.__file__).with_name(f"{NAME}.py")))


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """The program, with a folder of its own for the code of modules."""
    found = Program()
    compile_it: Callable[..., Any] = Sandbox.compile

    def counting(self: Sandbox, *args: Any, **options: Any) -> Any:
        found.compiled += 1
        return compile_it(self, *args, **options)

    monkeypatch.setattr(Sandbox, "compile", counting)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "code"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    found.kept.parent.mkdir(parents=True)
    yield found
    templates._environment.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a template."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / NAME).write_text("Het woord is {{ woord }}.\n")
    return tmp_path / "templates"


def test_a_template_is_compiled_once(program: Program, folder: Path) -> None:
    texts = [program.fill_in(folder, woord=word) for word in ("een", "twee", "drie")]
    assert texts == ["Het woord is een.\n", "Het woord is twee.\n", "Het woord is drie.\n"]
    assert program.compiled == 1


def test_another_text_is_compiled_anew(program: Program, folder: Path) -> None:
    program.fill_in(folder, woord="een")
    (folder / NAME).write_text("Nu is het {{ woord }}.\n")
    assert program.fill_in(folder, woord="een") == "Nu is het een.\n"
    assert program.compiled == 2


def test_a_template_of_two_kinds_prints_its_constants_as_each_does(program: Program, folder: Path) -> None:
    (folder / NAME).write_text('{{ "a*b" }}\n')
    assert program.fill_in(folder) == "a*b\n"
    assert Templates.read(folder, "*.md.j2", [NAME], print_value).fill_in(NAME, {}) == "a\\*b\n"


def test_another_program_compiles_anew(program: Program, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program.fill_in(folder, woord="een")
    monkeypatch.setattr(own_files, "checksum", lambda: "0" * 64)
    program.fill_in(folder, woord="een")
    assert program.compiled == 2


def test_another_version_of_jinja_compiles_anew(
    program: Program, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.fill_in(folder, woord="een")
    monkeypatch.setattr("jinja2.__version__", "99")
    program.fill_in(folder, woord="een")
    assert program.compiled == 2


def test_what_is_wrong_is_told_of_the_template_itself_and_not_of_one_elsewhere(
    program: Program, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(TextsError, match=r"templates.woord\.md\.j2: line 1: 'woord' is undefined"):
        program.fill_in(folder)
    folder.rename(tmp_path / "verhuisd")
    with pytest.raises(TextsError, match=r"verhuisd.woord\.md\.j2: line 1: 'woord' is undefined"):
        program.fill_in(tmp_path / "verhuisd")


@pytest.mark.parametrize(
    "damage", [lambda code: b"", lambda code: code[:-9], lambda code: code[:99] + b"x" + code[100:]]
)
def test_damaged_code_is_made_again(program: Program, folder: Path, damage: Callable[[bytes], bytes]) -> None:
    program.fill_in(folder, woord="een")
    whole = program.kept.read_bytes()
    program.kept.write_bytes(damage(whole))
    assert program.fill_in(folder, woord="een") == "Het woord is een.\n"
    assert program.compiled == 2
    assert program.kept.read_bytes() == whole


def test_none_is_kept_where_python_writes_none(program: Program, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert program.fill_in(folder, woord="een") == "Het woord is een.\n"
    assert not program.kept.exists()


def test_where_none_can_be_kept_all_goes_on(program: Program, folder: Path) -> None:
    program.kept.parent.rmdir()
    assert program.fill_in(folder, woord="een") == "Het woord is een.\n"
    assert program.fill_in(folder, woord="een") == "Het woord is een.\n"


def test_the_code_of_a_module_is_never_in_its_place(program: Program) -> None:
    of_a_module = Path(cache_from_source(compiled.__file__))
    assert program.kept.parent == of_a_module.parent
    assert "." not in of_a_module.name.partition(f".{sys.implementation.cache_tag}")[0]
    assert program.kept.name.startswith(f"{NAME}.")
