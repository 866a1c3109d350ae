"""The pack on paper and as a workbook: tagged, dated, the same bytes each time, its numbers real numbers."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from python_calamine import CalamineWorkbook

from heardback.domain.measures.figures import HIDDEN
from heardback.reports.pack import every_table, write_pack
from heardback.reports.pdf import write_pdf
from heardback.reports.posters import ENGLISH_PAGE, part
from heardback.reports.workbook import write_workbook
from tests.reports.made_up import ANSWER, LINE, content

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_pack(tmp_path_factory.mktemp("pack"), content())


@pytest.fixture(scope="module")
def documents(files: list[Path]) -> list[Path]:
    return [path for path in files if path.suffix == ".pdf"]


def tags(node: Any) -> Iterator[pikepdf.Dictionary]:
    """Every element of a PDF's structure tree."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from tags(kid)


def check_is_tagged(path: Path, lang: str = "en-GB") -> list[str]:
    """What PDF/UA asks for and can be read off the file without eyes; returns the kinds of its elements."""
    with pikepdf.open(path) as document:
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.Root.Lang) == lang
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
        assert str(document.docinfo["/Title"])
        with document.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"]
        assert all("/StructParents" in page for page in document.pages)
        assert all(str(page.get("/Tabs", "/S")) == "/S" for page in document.pages)
        elements = list(tags(document.Root.StructTreeRoot))
    figures = [element for element in elements if element.S == "/Figure"]
    assert all(str(element.get("/Alt", "")).strip() for element in figures), "a picture without words"
    kinds = [str(element.S) for element in elements]
    assert kinds.count("/H1") + kinds.count("/Title") >= 1
    return kinds


def test_every_document_is_tagged_titled_and_in_english_and_every_picture_has_words(documents: list[Path]) -> None:
    for path in documents:
        kinds = check_is_tagged(path)
        assert "/Figure" in kinds
        assert kinds.count("/TH") > 3
        assert set(kinds) & {"/H2", "/P", "/Table", "/TR", "/TD"}


def test_the_words_of_a_picture_are_the_sentence_that_says_what_it_shows(documents: list[Path]) -> None:
    with pikepdf.open(documents[0]) as document:
        said = [str(tag.Alt) for tag in tags(document.Root.StructTreeRoot) if tag.S == "/Figure" and "/Alt" in tag]
    assert len(said) == 3
    assert said[0].startswith("From July 2025 to September 2026, closed within 20 working days ran from 55% to 67%")
    assert (
        said[1]
        == "Of 43 comments heard, 43 are owned, 29 are decided, 29 are closed (decided and told) and 0 are \
agreed."
    )
    assert said[2] == "Youth Justice Service: 72%; 2 of 3 cannot be shown."


def test_a_document_is_dated_by_its_as_of_day_and_holds_no_other_date(documents: list[Path]) -> None:
    for path in documents:
        with pikepdf.open(path) as document:
            assert str(document.docinfo["/CreationDate"]).startswith("D:20261109")
            assert str(document.docinfo.get("/ModDate", "D:20261109")).startswith("D:20261109")


def test_what_somebody_wrote_is_never_read_as_markup(tmp_path: Path) -> None:
    hostile = replace(ANSWER, title="#panic() *bold* $x$ = heading \\ <label> @ref", wording='"]) #read("/etc/passwd")')
    paths = write_pack(tmp_path, replace(content(), stories=(hostile,), closures=(hostile,)))
    assert all(path.stat().st_size > 1000 for path in paths)


def test_the_summary_is_two_pages_however_long_the_lines(tmp_path: Path) -> None:
    long = replace(LINE, title="A very long wish " * 40, detail="because " * 90, owner_role="Head of everything " * 9)
    full = replace(content().exceptions, oldest_open=(long,) * 10, promises_broken=(long,) * 10)
    story = replace(ANSWER, wording="We did it. " * 200, title="Later " * 100)
    for made in (content(), replace(content(), exceptions=full, stories=(story,), sentence="Of 43 comments. " * 20)):
        with pikepdf.open(write_pack(tmp_path, made)[-1]) as document:
            assert len(document.pages) == 2


def test_every_file_is_the_same_bytes_in_another_process_and_another_year(files: list[Path], tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.reports.made_up import content; "
        "from heardback.reports.pack import write_pack; write_pack(Path(sys.argv[1]), content())"
    )
    environment = {"PATH": "/usr/bin:/bin", "SOURCE_DATE_EPOCH": "0", "TZ": "Pacific/Auckland", "LANG": "C"}
    command = [sys.executable, "-c", program, str(tmp_path)]
    subprocess.run(command, check=True, cwd=CHECKOUT, env=environment)
    assert [path.name for path in files if path.read_bytes() != (tmp_path / path.name).read_bytes()] == []


def test_the_workbook_has_a_row_a_figure_and_real_numbers(files: list[Path]) -> None:
    tables = every_table(content())
    figures = [row for table in tables for row in table.rows]
    with files[3].open("rb") as file:
        book = CalamineWorkbook.from_filelike(file)
        header, *rows = book.get_sheet_by_name("Figures").to_python()
        assert book.sheet_names == ["Read me", "Figures", "Definitions", "Method"]
    place = {name: header.index(name) for name in header}
    assert len(rows) == len(figures)
    for row, figure in zip(rows, figures, strict=True):
        value = row[place["value"]]
        if figure.value is not None:
            assert isinstance(value, float) and value == pytest.approx(figure.value, abs=5e-5)
        else:
            assert value == (HIDDEN if figure.suppressed else "")
        assert row[place["suppressed"]] is figure.suppressed
        assert row[place["definition"]] == figure.definition


def test_headers_stay_in_sight_and_no_cell_is_a_formula_or_a_clock(files: list[Path], tmp_path: Path) -> None:
    figure = replace(content().tables[0].rows[0], label='=HYPERLINK("x")', note="+1", group="@me")
    table = replace(content().tables[0], rows=(figure,))
    hostile = write_workbook(tmp_path / "hostile.xlsx", replace(content(), council="=1+1"), [table])
    for path in (files[3], hostile):
        with ZipFile(path) as book:
            sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
            core = book.read("docProps/core.xml").decode()
            assert {info.date_time[:3] for info in book.infolist()} == {(1980, 1, 1)}
        assert all('state="frozen"' in sheet for sheet in sheets)
        assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
        assert core.count("2026-11-09T00:00:00Z") == 2


def test_a_picture_without_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="missing alt text"):
        write_pdf(tmp_path / "bare.pdf", "poster.typ", poster("", "More pizza"), content().as_of)
    assert not (tmp_path / "bare.pdf").exists()
    assert write_pdf(tmp_path / "said.pdf", "poster.typ", poster("You said", "More pizza"), content().as_of).exists()


@pytest.mark.parametrize("letter", ["ߊ", "ᐁ"])
def test_no_font_of_the_machine_is_used(tmp_path: Path, letter: str) -> None:
    """Many machines have these letters, and Typst's own fonts do not: with them the bytes would differ (G11)."""
    with pytest.raises(RuntimeError, match="could not be displayed"):
        write_pdf(tmp_path / "far.pdf", "poster.typ", poster("You said", letter), content().as_of)


def poster(label: str, said: str) -> dict[str, object]:
    did = part("done", "We did", ["It came."])
    entry = {"kind": "done", "said": part("said", label, [said]), "did": did, "difference": None, "about": "L-1"}
    texts = dict.fromkeys(("title", "council", "where", "service", "more", "method", "footer"), "Eastmere")
    return {**ENGLISH_PAGE, **texts, "entries": [entry]}
