"""Typst templates to tagged PDF (PDF/UA-1): the same bytes each time, on every machine, with no clock in them."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
SERIF, LAST = "Libertinus Serif", "DejaVu Sans Mono"  # the second is no beauty, and has Arabic and much else


def write_pdf(path: Path, template: str, values: Mapping[str, object], day: date, fonts: Path | None = None) -> Path:
    """One document, dated `day`, from a template in `templates`; folders are made as needed.

    Values go in as JSON and are printed as text, so nothing that somebody wrote is ever read as markup. Only the fonts
    inside Typst are used, and those of the folder `fonts`: those of the machine would change the bytes. Raises
    RuntimeError where the document would break a rule of PDF/UA-1, as a letter that no font has would.
    """
    import typst  # 20 MB, for those who write a PDF

    folders = [str(fonts)] if fonts and fonts.is_dir() else []
    families = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders).families()
    dated = {
        **values,
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "fonts": [SERIF, *sorted(families), LAST],
    }
    written = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        ignore_system_fonts=True,
        font_paths=folders,
        format="pdf",
        sys_inputs={"values": json.dumps(dated, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written)
    return path
