from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import TextsError
from pipeline.model.indication import Remark, RemarkCode
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts, read_texts
from tests.conftest import ROOT
from tests.posten import with_training

SHIPPED = (ROOT / "templates" / "teksten.toml").read_text(encoding="utf-8")


def changed(tmp_path: Path, old: str, new: str) -> Path:
    assert old in SHIPPED
    (tmp_path / "teksten.toml").write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    return tmp_path


def test_the_steering_group_is_named_in_one_place(tmp_path: Path) -> None:
    texts = read_texts(changed(tmp_path, 'stuurgroep = "Stuurgroep"', 'stuurgroep = "Regiegroep"'))
    assert "Regiegroep" in texts.remark(Remark(RemarkCode.NOT_AGREED))
    assert "Stuurgroep" not in repr(texts)


def test_a_remark_says_what_it_is_about(texts: Texts) -> None:
    said = texts.remark(Remark(RemarkCode.CONTRIBUTION_LAPSES, {"jaar": "2029"}))
    assert said.startswith("Aanname: vanaf 2029 vervalt de bijdrage")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("near_bound = ", "nearby = ", "opmerkingen.near_bound is missing"),
        ("near_bound = ", "nearby = ", "opmerkingen.nearby is not a known text"),
        ('naam = "Signalen software"', 'naam = ""', "posten.software.naam is missing"),
        ("[algemeen]", "[algemeen", "is not valid TOML"),
    ],
)
def test_broken_texts_are_refused_with_their_key(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    with pytest.raises(TextsError) as refusal:
        read_texts(changed(tmp_path, old, new))
    assert complaint in str(refusal.value)
    assert "teksten.toml" in str(refusal.value)


def test_two_items_with_one_name_are_refused(texts: Texts, tariff: Tariff) -> None:
    texts.tell_apart(tariff.items)
    with pytest.raises(TextsError, match="'Hosting en beheer' is the name of two items; give each its own"):
        texts.tell_apart(with_training(tariff, ("Opleiding gebruikers", "Hosting en beheer")).items)


def test_absent_texts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TextsError, match="cannot be read"):
        read_texts(tmp_path)


def test_a_sentence_is_filled_in(tmp_path: Path) -> None:
    more = '[zinnen.proef]\nlang = "Over {jaren} jaar, zegt de {stuurgroep}."\n'
    texts = read_texts(changed(tmp_path, "[zinnen.gedeeld]", f"{more}[zinnen.gedeeld]"))
    assert texts.say("proef.lang", jaren=5) == "Over 5 jaar, zegt de Stuurgroep."
    with pytest.raises(TextsError, match=r"teksten\.toml: zinnen\.proef\.kort is missing"):
        texts.say("proef.kort")
    with pytest.raises(TextsError, match=r"zinnen\.proef\.lang: \{jaren\} is not known here; write \{aantal\}"):
        texts.say("proef.lang", aantal=5)


def test_every_sentence_is_said_somewhere(texts: Texts) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "pipeline").rglob("*.py"))
    assert [key for key in texts.sentences if f'"{key}"' not in code] == []
