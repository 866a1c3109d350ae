"""Words that a spreadsheet took for a formula are not lost: the row waits until somebody writes them down."""

import zipfile
from io import BytesIO

import pytest
from sqlalchemy import select
from xlsxwriter import Workbook

from heardback.domain.record import Mapped
from heardback.sources.mapping.outline import apply_map
from heardback.sources.tables.error_cells import ERRORS, errors_shown
from heardback.sources.tables.reading import read_table
from heardback.store import QuarantinedRow
from tests.council import exit_row
from tests.desk import Desk, problems_of
from tests.sources.samples import RECEIVED, a_directory, a_shape, a_source, mapped

TYPED = '=IF("<c r=&quot;A9&quot;","x",-more seats)'


def codes(found: Mapped) -> list[tuple[int, str]]:
    return [(fault.row_number, fault.reason_code) for fault in found.faults]


def a_book(*shown: str, sheets: tuple[str, ...] = ("Answers",)) -> bytes:
    """A workbook whose last sheet has an id and a formula in each row, showing these."""
    content = BytesIO()
    book = Workbook(content)
    for name in sheets:
        sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, ["id", "improve"])
    for row, error in enumerate(shown, 1):
        sheet.write(row, 0, row)
        sheet.write_formula(row, 1, TYPED, value=error)
    book.close()
    return content.getvalue()


def rewritten(content: bytes, *pairs: str) -> bytes:
    """The same workbook with other words in its sheet: each first one of a pair becomes the second."""
    kept = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for before, after in zip(pairs[::2], pairs[1::2], strict=True) if "worksheets/" in name else ():
                assert before in text
                text = text.replace(before, after)
            new.writestr(name, text)
    return kept.getvalue()


@pytest.mark.parametrize("error", ERRORS)
def test_a_cell_that_shows_an_error_is_read_as_it_is_shown(error: str) -> None:
    assert list(read_table(a_book("a longer day", error), "a.xlsx", a_shape()).frame["improve"]) == [
        "a longer day", error,
    ]  # fmt: skip


def test_of_several_sheets_the_one_that_is_read_is_looked_at() -> None:
    content = a_book("#NAME?", sheets=("Notes", "How & why", "Answers"))
    assert list(read_table(content, "a.xlsx", a_shape(sheet="Answers")).frame["improve"]) == ["#NAME?"]
    assert [list(errors_shown(content, "a.xlsx", position)) for position in (0, 1, 3)] == [[], [], []]


def test_what_no_list_holds_is_no_answer() -> None:
    assert list(read_table(a_book("a", "#N/A"), "a.xlsx", a_shape()).frame["improve"]) == ["a", ""]
    found = mapped("id,improve\n1,a\n2,#N/A\n", a_source())
    assert (codes(found), list(found.comments["text"])) == ([], ["a"])


@pytest.mark.parametrize("size", [1, 7, 64])
def test_a_cell_is_found_wherever_the_pieces_of_a_sheet_are_cut(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heardback.sources.tables.unpacking.CHUNK", size)
    found = errors_shown(a_book("a", "#REF!", "b", "#NUM!"), "a.xlsx", 0)
    assert list(found) == [(2, 1, "#REF!"), (4, 1, "#NUM!")]


def test_a_sheet_that_names_its_marks_otherwise_is_read_too() -> None:
    xml = b"<x:worksheet><x:row><x:c t='e' s='1' r='AB3'><x:f>a</x:f><x:v> #NAME? </x:v></x:c>"
    odd = b'<x:c r="C3" t="e"/><x:c t="e"><x:v>#REF!</x:v></x:c><x:v> t="e" r="D3"</x:v><x:v>#REF!</x:v><x:c r="E3"/>'
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", xml + odd)
    assert list(errors_shown(content.getvalue(), "a.xlsx", 0)) == [(2, 27, "#NAME?")]


OASIS = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = {name: f"{OASIS}:{name}:1.0" for name in ("office", "table", "text", "manifest")}
SPACES["calcext"] = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
MANIFEST = f'<manifest:manifest xmlns:manifest="{SPACES["manifest"]}"/>'


def an_ods(*tables: str) -> bytes:
    """A workbook as LibreOffice writes one, whose tables have these rows."""
    names = " ".join(f'xmlns:{name}="{address}"' for name, address in SPACES.items())
    book = "".join(f'<table:table table:name="T{number}">{rows}</table:table>' for number, rows in enumerate(tables))
    body = f"<office:body><office:spreadsheet>{book}</office:spreadsheet></office:body>"
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", f"<office:document-content {names}>{body}</office:document-content>")
    return content.getvalue()


def a_row(*cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def a_cell(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'


def an_error(shown: str, more: str = "") -> str:
    formula = ' table:formula="of:=-more seats" office:string-value="" calcext:value-type="error"'
    return a_cell(shown, formula + more)


@pytest.mark.parametrize(
    ("shown", "read"),
    [("#NAME?", "#NAME?"), ("#DIV/0!", "#DIV/0!"), ("#ЗНАЧЕН!", "#ERROR!"), ("Err:509", "#ERROR!"), ("#N/A", "")],
)
def test_an_error_in_an_ods_is_read_whatever_its_language_calls_it(shown: str, read: str) -> None:
    header = a_row(a_cell("id"), a_cell("improve"))
    answers = a_row(a_cell("1"), a_cell("#NAME? is what it said")) + a_row(a_cell("2"), an_error(shown))
    table = read_table(an_ods(header + answers), "a.ods", a_shape())
    assert list(table.frame["improve"]) == ["#NAME? is what it said", read]


@pytest.mark.parametrize("size", [1, 7, 64, 5_000])
def test_an_error_in_an_ods_stands_behind_what_is_repeated(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heardback.sources.tables.unpacking.CHUNK", size)
    blank, twice = '<table:table-cell table:number-columns-repeated="2"/>', ' table:number-columns-repeated="2"'
    rows = a_row(a_cell("id"), times=3) + a_row(blank, an_error("#REF!"), a_cell("x"), an_error("#NUM!", twice))
    content = an_ods(a_row(an_error("#NAME?")), rows, a_row(a_cell("x")))
    shown = [list(errors_shown(content, "a.ods", position)) for position in range(3)]
    assert shown == [[(0, 0, "#NAME?")], [(3, 2, "#REF!"), (3, 4, "#NUM!"), (3, 5, "#NUM!")], []]


@pytest.mark.parametrize("cell", ERRORS)
def test_a_row_with_an_error_in_place_of_words_is_put_aside(cell: str) -> None:
    assert codes(mapped(f"id,improve\n1,a\n2, {cell}\n", a_source())) == [(3, "error_cell")]


@pytest.mark.parametrize(("own_words", "faults"), [(True, [(3, "error_cell")]), (False, [])])
def test_so_is_one_beside_the_options_where_words_are_heard(own_words: bool, faults: list[tuple[int, str]]) -> None:
    helped = {"column": "helped", "role": "choice", "code": "helped", "options": ["staff"], "own_words": own_words}
    assert codes(mapped("id,improve,helped\n1,a,staff\n2,b,#NAME?\n", a_source(helped))) == faults


def test_an_error_in_place_of_a_score_is_told_and_its_row_counts() -> None:
    stars = {"column": "stars", "role": "rating", "code": "stars", "scale": {"1": 1, "5": 5}}
    found = mapped("id,improve,stars\n1,a,4\n2,b,#DIV/0!\n", a_source(stars))
    assert (codes(found), [note.code for note in found.notes]) == ([], ["off_scale"])


def test_the_row_waits_in_quarantine_and_says_what_to_do(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(policy={"gate": {"max_bad_share": 1}})
    report = sqlite_desk.pull(exit_row(1, "#NAME?"), exit_row(2, "More seats"))
    assert report.fates == {"loop": 1, "quarantine": 1}
    ((reason,),) = sqlite_desk.ask(select(QuarantinedRow.reasons))
    assert "#NAME?" in reason
    assert "formula bar" in reason
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.parametrize("kept", ["<v></v>", "<v/>", ""])
def test_a_formula_that_nobody_has_worked_out_waits_as_one_that_shows_an_error_does(kept: str) -> None:
    """So a program writes words that begin with = where no spreadsheet has opened the file since."""
    content = rewritten(a_book("a longer day", "#NAME?"), 't="e"', "", "<v>#NAME?</v>", kept)
    found = apply_map(a_source(), read_table(content, "a.xlsx", a_shape()), a_directory(), RECEIVED)
    assert [row for row, _ in codes(found)] == [3]


def test_a_formula_that_comes_to_nothing_is_blank() -> None:
    content = rewritten(a_book("a longer day", "#NAME?"), 't="e"', 't="str"', "<v>#NAME?</v>", "<v></v>")
    assert list(read_table(content, "a.xlsx", a_shape()).frame["improve"]) == ["a longer day", ""]
    zero = rewritten(a_book("a longer day", "#NAME?"), 't="e"', "", "<v>#NAME?</v>", "<v>0</v>")
    assert list(read_table(zero, "a.xlsx", a_shape()).frame["improve"]) == ["a longer day", "0"]
