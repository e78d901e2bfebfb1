"""Make the pictures of the README from a real run: `python docs/make_pictures.py OUTPUTS`.

Needs LibreOffice (soffice) and poppler (pdftoppm); `make pictures` calls it after a report.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

PICTURES = Path(__file__).parent / "pictures"
EACH_SHEET_ON_ONE_PAGE = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'

DUTCH = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>nl-NL</value></prop></item>
</oor:items>
"""

SHOWN = {
    "gemeenten/GM0363-amsterdam.xlsx": {1: "overzicht", 2: "keuzes", 4: "meerjarenraming"},
    "stuurgroep.xlsx": {1: "stuurgroep"},
}
"""Which sheets of which workbooks, by their place (from 1), and what the picture is called."""


def main(outputs: Path) -> None:
    """Write the pictures as PNG files."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile", "user")
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(DUTCH, encoding="utf-8")
        for name, sheets in SHOWN.items():
            command = ["soffice", f"-env:UserInstallation={profile.parent.as_uri()}", "--headless", "--convert-to"]
            workbook = outputs / name
            subprocess.run([*command, EACH_SHEET_ON_ONE_PAGE, "--outdir", folder, workbook], check=True)
            pdf = Path(folder, workbook.with_suffix(".pdf").name)
            for page, picture in sheets.items():
                where = ["-f", str(page), "-l", str(page), "-singlefile"]
                subprocess.run(["pdftoppm", "-png", "-r", "90", *where, pdf, PICTURES / picture], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
