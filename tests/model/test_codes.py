from __future__ import annotations

import re

import pytest

from pipeline.model.codes import ANY_CODE, CBS, CodeForm


def test_a_form_is_written_as_a_code_of_noughts() -> None:
    assert CodeForm.of("GM0000") == CBS
    assert CodeForm.of("EU000000") == CodeForm("EU", 6)


@pytest.mark.parametrize(
    "form", ["", "0000", "GM", "GM00", "gm0000", "GM0363", "GEMEENTE0000", "GM-0000", "GM0000000000"]
)
def test_what_is_no_form_is_refused_with_what_would_be_right(form: str) -> None:
    with pytest.raises(ValueError, match=r"1 to 4 capitals and 3 to 9 noughts: GM0000"):
        CodeForm.of(form)


@pytest.mark.parametrize(
    ("form", "dutch"),
    [("GM0000", "GM en vier cijfers, zoals GM0363"), ("EU00000", "EU en vijf cijfers, zoals EU00363")],
)
def test_what_would_be_right_follows_from_the_form(form: str, dutch: str) -> None:
    codes = CodeForm.of(form)
    assert codes.dutch == dutch
    assert re.fullmatch(codes.pattern, codes.example)
    assert re.fullmatch(ANY_CODE, codes.example)
