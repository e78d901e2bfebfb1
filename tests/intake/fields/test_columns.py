from __future__ import annotations

from collections import Counter

import pytest

from pipeline.intake.fields.columns import ADDED, ORDINARY
from pipeline.model.choices import COLUMNS, E_MAIL
from pipeline.model.municipality import fold


def test_no_header_means_two_columns() -> None:
    folded = Counter(key for c in (*COLUMNS, E_MAIL) for key in {fold(header) for header in (c.name, *c.synonyms)})
    assert {header for header, times in folded.items() if times > 1} == set()
    assert not set(ORDINARY.headers) & set(ADDED)


@pytest.mark.parametrize("header", ["Gemeente_Naam", "GM-CODE", "inwonertal", " Hosting  hoog ", "Communitybijdrage"])
def test_case_spaces_hyphens_and_underscores_do_not_matter(header: str) -> None:
    assert fold(header) in ORDINARY.headers
