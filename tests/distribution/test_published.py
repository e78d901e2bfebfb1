"""What stands in the folder with results is told by municipality, and only what a run made is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.distribution.published import published
from pipeline.errors import OutputsError
from pipeline.publishing.locking import lock

WORKBOOK, SUMMARY = "gemeenten/GM0355-zeist.xlsx", "gemeenten/GM0355-zeist.md"


def test_each_municipality_has_its_documents_and_its_record(outputs: Path) -> None:
    with published(outputs) as publication:
        assert [(one.code, one.name) for one in publication.municipalities] == [
            ("GM0355", "Zeist"),
            ("GM0363", "Amsterdam"),
            ("GM0503", "Delft"),
        ]
        zeist = publication.municipalities[0]
        assert (list(zeist.files), zeist.wrong) == ([WORKBOOK, SUMMARY], [])
        assert publication.read(WORKBOOK) == (outputs / WORKBOOK).read_bytes()
        assert zeist.record.municipality.name == "Zeist"


def test_a_document_that_is_gone_or_changed_is_told_and_not_given(outputs: Path) -> None:
    (outputs / SUMMARY).unlink()
    with (outputs / WORKBOOK).open("ab") as file:
        file.write(b"more")
    with published(outputs) as publication:
        assert publication.municipalities[0].wrong == [WORKBOOK, SUMMARY]
        assert not publication.municipalities[1].wrong
        with pytest.raises(OutputsError, match=r"zeist\.md: is gone; run `make report` again\."):
            publication.read(SUMMARY)
        with pytest.raises(OutputsError, match=r"zeist\.xlsx: was changed since it was made"):
            publication.read(WORKBOOK)


def test_a_folder_without_results_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputsError, match="is not there; run `make report` first"), published(tmp_path / "none"):
        pass
    with pytest.raises(OutputsError, match="there are no results; run `make report` first"), published(tmp_path):
        pass


def test_a_result_that_somebody_changed_is_not_believed(outputs: Path) -> None:
    result = outputs / "kostenindicaties.json"
    result.write_bytes(result.read_bytes().replace(b"Zeist", b"Ziest"))
    with pytest.raises(OutputsError, match=r"kostenindicaties\.json: was changed"), published(outputs):
        pass


def test_nothing_goes_out_while_a_run_is_writing(outputs: Path) -> None:
    writing = lock(outputs)
    try:
        with pytest.raises(OutputsError, match="another run is writing here"), published(outputs):
            pass
    finally:
        writing.release()
    with published(outputs) as publication:
        assert len(publication.municipalities) == 3
