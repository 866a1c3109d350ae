"""Typst templates to tagged PDF (PDF/UA-1): the same bytes each time, on every machine, with no clock in them."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"


def write_pdf(path: Path, template: str, values: Mapping[str, object], day: date) -> Path:
    """One document, dated `day`, from a template in `templates`; folders are made as needed.

    Values go in as JSON and are printed as text, so nothing that somebody wrote is ever read as markup. Only the fonts
    inside Typst are used: those of the machine would change the bytes. Raises RuntimeError where the document would
    break a rule of PDF/UA-1.
    """
    import typst  # 20 MB, for those who write a PDF

    dated = {**values, "day": {"year": day.year, "month": day.month, "day": day.day}}
    written = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"values": json.dumps(dated, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written)
    return path
