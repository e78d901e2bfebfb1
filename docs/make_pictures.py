"""Make the pictures of the README and of aanleveren.md from a real run: `python docs/make_pictures.py OUTPUTS`.

Needs LibreOffice (soffice), poppler (pdftoppm) and Chromium; `make pictures` calls it after a report.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt

PICTURES = Path(__file__).parent / "pictures"
EACH_SHEET_ON_ONE_PAGE = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'

DUTCH = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>nl-NL</value></prop></item>
</oor:items>
"""

SHOWN = {
    "gemeenten/GM0363-amsterdam.xlsx": {1: "overzicht", 2: "keuzes", 3: "meerjarenraming"},
    "stuurgroep.xlsx": {1: "stuurgroep", 2: "kosten", 3: "bijdragen"},
}
"""Which sheets of which workbooks, by their place (from 1), and what the picture is called."""
FORM = {1: "formulier"}
FIRST_COLUMNS = ["-x", "0", "-W", "1150"]
"""How much of the form is shown, in pixels."""

PAGE = """<!doctype html><meta charset="utf-8"><base href="{base}/"><style>
body {{ font: 16px/1.5 Arial, sans-serif; color: #1b1b1b; margin: 24px 40px; }}
table {{ border-collapse: collapse; margin: 16px 0; }}
th, td {{ border: 1px solid #bfc7d1; padding: 5px 12px; }}
h1, h2 {{ border-bottom: 1px solid #bfc7d1; padding-bottom: 6px; }}
a {{ color: #154273; }}
</style>{body}"""
"""A page in the look of a site that shows Markdown."""


def main(outputs: Path) -> None:
    """Write the pictures as PNG files."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile", "user")
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(DUTCH, encoding="utf-8")
        form = Path(folder, "opgave.xlsx")
        subprocess.run(["kostenindicatie", "template", "--xlsx", "--output", form, "Zeist", "Utrecht"], check=True)
        for name, sheets in {**SHOWN, form: FORM}.items():
            command = ["soffice", f"-env:UserInstallation={profile.parent.as_uri()}", "--headless", "--convert-to"]
            workbook = outputs / name
            subprocess.run([*command, EACH_SHEET_ON_ONE_PAGE, "--outdir", folder, workbook], check=True)
            pdf = Path(folder, workbook.with_suffix(".pdf").name)
            for page, picture in sheets.items():
                where = ["-f", str(page), "-l", str(page), "-singlefile", *(FIRST_COLUMNS if name is form else ())]
                subprocess.run(["pdftoppm", "-png", "-r", "90", *where, pdf, PICTURES / picture], check=True)
        show_page(outputs / "stuurgroep.md", Path(folder), PICTURES / "pagina.png")


def show_page(page: Path, folder: Path, picture: Path) -> None:
    """Write a picture of the top of a Markdown page, as a browser shows it."""
    _, _, text = page.read_text(encoding="utf-8").removeprefix("---").partition("\n---\n")
    rendered = folder / "page.html"
    body = MarkdownIt("gfm-like").render(text)
    rendered.write_text(PAGE.format(base=page.parent.resolve().as_uri(), body=body), encoding="utf-8")
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--window-size=1100,1900",
    ]
    offline = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    profile = f"--user-data-dir={folder / 'chromium'}"
    subprocess.run([*command, *offline, profile, f"--screenshot={picture}", rendered.as_uri()], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
