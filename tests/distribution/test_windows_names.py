from __future__ import annotations

import re
import unicodedata
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.distribution.windows_names import LONGEST, for_windows


@pytest.mark.parametrize(
    "path",
    ["gemeenten/GM0355-zeist.xlsx", "stuurgroep.md", ".gitbook.yaml", "historie/0001.json.gz", "LEESMIJ.txt", "é/ü.md"],
)
def test_a_name_that_windows_takes_stays_as_it_is(path: str) -> None:
    assert for_windows([path]) == {path: path}


@pytest.mark.parametrize(
    ("paths", "named"),
    [
        (["a:b?.md"], ["a_b_.md"]),
        (
            ["nul", "Com1.txt", "aux.tar.gz", "conin$", "LPT¹.md"],
            ["_nul", "_Com1.txt", "_aux.tar.gz", "_conin$", "_LPT¹.md"],
        ),
        (["console.md", "com10.md"], ["console.md", "com10.md"]),
        (["a. ", "map./b"], ["a", "map/b"]),
        (["A.md", "a.md", "a-2.md"], ["A.md", "a-2.md", "a-2-2.md"]),
        (["Map/a", "map/a", "Map/b"], ["Map/a", "map-2/a", "Map/b"]),
        (["e\u0301.md", "\u00e9.md"], ["\u00e9.md", "\u00e9-2.md"]),
        (["..", "a/../b"], ["_", "a/_/b"]),
        (["x" * 300 + ".xlsx"], ["x" * 75 + ".xlsx"]),
        (["a\u202eb.md", "a\tb"], ["a_b.md", "a_b"]),
    ],
)
def test_a_name_that_windows_refuses_becomes_one_that_it_takes(paths: list[str], named: list[str]) -> None:
    assert [*for_windows(paths).values()] == named


# As Microsoft says it, in other words than the program does.
DEVICES = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"} | {
    f"{d}{n}" for d in ("COM", "LPT") for n in "0123456789¹²³"
}
PARTS = st.text(st.characters(exclude_characters="/"), min_size=1, max_size=12) | st.sampled_from(
    [
        *sorted(DEVICES),
        "nul.md",
        "Con.",
        "a",
        "A",
        "a ",
        "a.",
        "ſ",
        "S",
        "ß",
        "ss",
        "İ",
        "i",
        "K",
        "k",
        "x" * 200,
        "😀" * 90,
    ]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(PARTS, min_size=1, max_size=3).map("/".join), unique=True, max_size=12))
def test_windows_takes_every_name_and_no_two_are_one_there(paths: list[str]) -> None:
    named = for_windows(paths)
    folders: dict[str, set[str]] = defaultdict(set)
    for path in named.values():
        assert path.count("/") == next(p for p, n in named.items() if n == path).count("/")
        above = ""
        for part in path.split("/"):
            assert not re.search(r'[<>:"\\|?*\x00-\x1f]', part)
            assert part[-1] not in ". "
            assert part.split(".")[0].rstrip().upper() not in DEVICES
            assert len(part.encode("utf-16-le")) // 2 <= LONGEST
            assert part == unicodedata.normalize("NFC", part)
            folders[above].add(part)
            above = f"{above}/{part}"
    for names in folders.values():
        assert len({name.upper() for name in names}) == len({name.lower() for name in names}) == len(names)
    assert len({*named.values()}) == len(paths)
