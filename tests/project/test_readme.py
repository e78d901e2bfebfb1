from __future__ import annotations

import tomllib

from pipeline.model.choices import COLUMNS, E_MAIL
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_documents_every_column_as_it_is() -> None:
    for column in (*COLUMNS, E_MAIL):
        assert f"| `{column.name}` | {column.holds} | {column.values} | {column.required} |" in README
    assert README.count("\n| `") >= len(COLUMNS)


def test_the_readme_says_why_each_dependency_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for dependency in project["dependencies"]:
        assert f"| {dependency.split('>=')[0]} |" in README


def test_every_picture_of_the_readme_exists() -> None:
    pictures = [part.split(")")[0] for part in README.split("](docs/pictures/")[1:]]
    assert pictures
    assert all((ROOT / "docs" / "pictures" / picture).is_file() for picture in pictures)


def test_the_readme_says_nothing_twice() -> None:
    begins = [part.split(".")[0] for part in README.split("\n\n") if part[0].isalpha()]
    assert sorted(set(begins)) == sorted(begins)
