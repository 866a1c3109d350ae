"""A zip of tables: one is read, and the rows of the others stand beside their parents'."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from heardback.domain.table import Table
from heardback.errors import Unreadable
from heardback.sources.tables.reading import read_table
from heardback.sources.tables.unpacking import refuse_bomb
from tests.sources.samples import RECEIVED, a_directory, a_shape, a_source, a_workbook

VISITS = "id,say,KEY\n1,cold,k1\n2,,k2\n3,loud,k3\n"
PEOPLE = "words,PARENT_KEY,KEY\nmore seats,k1,p1\nless noise,k1,p2\nbuses,k3,p3\n"
CHILDREN = [{"member": "*people.csv", "name": "people"}]


def zipped(**members: str | bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return buffer.getvalue()


def read_zip(content: bytes, **shape: object) -> Table:
    return read_table(content, "export.zip", a_shape(**shape))


def visits(people: str = PEOPLE) -> Table:
    content = zipped(visits_csv=VISITS, **{"visits-people_csv": people})
    return read_zip(content, member="visits.csv", children=CHILDREN)


def test_a_zip_with_one_file_is_that_file_whatever_it_is() -> None:
    assert read_zip(zipped(a_csv=VISITS)).rows_read == 3
    assert read_zip(zipped(a_xlsx=a_workbook({"A": [["id"], [1]]}))).rows_read == 1
    assert read_zip(zipped(a_json='[{"id": 1}]')).rows_read == 1


def test_of_several_files_the_map_must_name_one() -> None:
    with pytest.raises(Unreadable, match=r"2 files: a.csv, b.csv") as error:
        read_zip(zipped(a_csv=VISITS, b_csv=VISITS))
    assert error.value.do == "say which one in file.member"
    with pytest.raises(Unreadable, match=r"no file in the zip is 'c\*'"):
        read_zip(zipped(a_csv=VISITS, b_csv=VISITS), member="c*")
    assert read_zip(zipped(a_csv=VISITS, b_csv="id\n1\n"), member="b*").rows_read == 1


def test_the_rows_of_a_child_table_stand_beside_their_parents() -> None:
    table = visits()
    assert list(table.frame.index) == [2, 3, 4]
    assert table.frame.drop(columns=["say", "KEY"]).to_dict("list") == {
        "id": ["1", "2", "3"],
        "people/words#1": ["more seats", "", "buses"], "people/KEY#1": ["p1", "", "p3"],
        "people/words#2": ["less noise", "", ""], "people/KEY#2": ["p2", "", ""],
    }  # fmt: skip


def test_children_become_further_comments_of_the_same_response() -> None:
    from heardback.sources.mapping.outline import apply_map

    source = a_source(
        questions=[
            {"column": "id", "role": "record_id"},
            {"match": r"^people/words#\d+$", "role": "comment", "code": "people"},
        ]
    )
    comments = apply_map(source, visits(), a_directory(), RECEIVED).comments
    assert comments[["text", "repeat_index"]].to_dict("list") == {
        "text": ["more seats", "buses", "less noise"], "repeat_index": [0, 0, 1],
    }  # fmt: skip
    assert comments["response_uid"].nunique() == 2


def test_a_child_without_a_parent_is_quarantined_and_counted() -> None:
    table = visits(PEOPLE + "lost,k9,p9\n")
    assert (table.rows_read, len(table.frame)) == (4, 3)
    assert table.broken[0].cells[0] == "lost"
    assert table.broken[0].reason == "this row of a child table has no parent"
    assert "1 row of people names a parent that is not there" in table.notes[0].what


def test_a_child_table_that_nobody_filled_in_has_its_columns_and_nothing_to_tell() -> None:
    from heardback.sources.mapping.outline import apply_map

    table = visits("words,PARENT_KEY,KEY\n")
    assert (table.rows_read, "".join(table.frame["people/words#1"])) == (3, "")
    asked = [
        {"column": "id", "role": "record_id"},
        {"column": "say", "role": "comment", "code": "say"},
        {"match": r"^people/words#\d+$", "role": "comment", "code": "people"},
        {"match": r"^(people/KEY#\d+|KEY)$", "role": "ignore"},
    ]
    assert apply_map(a_source(questions=asked), table, a_directory(), RECEIVED).notes == []
    asked[2]["match"] = r"^people/word#\d+$"
    found = apply_map(a_source(questions=asked), table, a_directory(), RECEIVED).notes
    assert [note.code for note in found] == ["missing_column", "new_column"]


def test_a_blank_row_of_a_child_table_is_nobodys() -> None:
    table = visits(PEOPLE + "\n,,\n")
    assert (table.rows_read, table.broken, table.notes) == (3, [], [])


@pytest.mark.parametrize("both", [True, False])
def test_what_there_is_to_say_of_a_table_is_said_of_parents_and_children(both: bool) -> None:
    parents = VISITS.replace("cold", "c\xf4ld").encode("cp1252" if both else "utf-8")
    children = PEOPLE.replace("seats", "s\xf4ats").encode("cp1252")
    content = zipped(visits_csv=parents, **{"visits-people_csv": children})
    table = read_zip(content, member="visits.csv", children=CHILDREN)
    assert [note.code for note in table.notes] == ["encoding_fallback"] * (2 if both else 1)


def test_a_join_that_cannot_be_made_is_told() -> None:
    with pytest.raises(Unreadable, match="the column 'PARENT_KEY', which joins two tables, is missing"):
        visits("words,KEY\na,p1\n")
    with pytest.raises(Unreadable, match=r"visits-people.csv, row 2: the row has 2 cells where the header has 3"):
        visits("words,PARENT_KEY,KEY\na,k1\n")
    crowd = "".join(f"w{number},k1,p{number}\n" for number in range(3_000))
    with pytest.raises(Unreadable, match="3,000 rows of people below it"):
        visits("words,PARENT_KEY,KEY\n" + crowd)


def test_the_real_shape_of_an_odk_export_is_read() -> None:
    path = Path(__file__).parents[4] / "shared" / "data" / "real" / "odk_central_repeats.zip"
    if not path.is_file():
        pytest.skip("the real exports are not here")
    shape = {"member": "yjs_exit.csv", "children": [{"member": "*-moments.csv", "name": "moments"}]}
    table = read_zip(path.read_bytes(), **shape)
    assert (table.rows_read, table.broken) == (4, [])
    moments = table.frame.filter(regex=r"^moments/moment#")
    assert sorted(cell for row in moments.to_numpy() for cell in row if cell) == ["a", "b", "c", "went to Avalon"]


@pytest.mark.parametrize("name", ["../up.csv", "/etc/passwd.csv", "C:\\x.csv", "a/../../b.csv"])
def test_a_name_that_leads_out_of_the_zip_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match="leads out of it"):
        read_zip(zipped(**{name.replace(".csv", "_csv"): VISITS}))


def test_a_zip_in_a_zip_is_refused() -> None:
    with pytest.raises(Unreadable, match="a zip lies within the zip"):
        read_zip(zipped(inner_zip=zipped(a_csv=VISITS)))


def test_a_bomb_is_refused_before_any_of_it_is_kept() -> None:
    with pytest.raises(Unreadable, match="unpacks to more than 30 MB"):
        read_zip(zipped(a_csv=bytes(40_000_000)))
    many = zipped(**{f"f{number}_csv": bytes(4_000_000) for number in range(10)})
    with pytest.raises(Unreadable, match="unpacks to more than 30 MB"):
        refuse_bomb(many, "many.zip")


@pytest.mark.parametrize("spoil", [lambda zip_: zip_[:-30], lambda zip_: zip_[:40] + b"\x00\x00\x00" + zip_[43:]])
def test_a_damaged_zip_is_refused(spoil) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Unreadable, match="damaged or cut short"):
        read_zip(spoil(zipped(a_csv=VISITS * 50)))


def test_a_zip_with_a_password_is_refused() -> None:
    content = bytearray(zipped(a_csv=VISITS))
    content[6] |= 1  # the flag that says so, in the file's head
    content[content.rindex(b"PK\x01\x02") + 8] |= 1  # and in the directory
    with pytest.raises(Unreadable, match="password"):
        read_zip(bytes(content))


def test_an_empty_zip_is_told() -> None:
    with pytest.raises(Unreadable, match="nothing"):
        read_zip(zipped())


@pytest.mark.parametrize("wide", [False, True], ids=["as most are", "of the larger kind"])
def test_a_zip_of_tens_of_thousands_of_files_is_refused_by_its_list(wide: bool) -> None:
    """Its directory alone costs seconds to read; what its end says of that is enough."""
    whole = zipped(say_csv="id,improve\n1,more seats\n")
    end = whole.rfind(b"PK\x05\x06")
    size = (b"\xff" * 4) if wide else (2_000_000).to_bytes(4, "little")
    before = (b"PK\x06\x06" + b"\0" * 36 + (2_000_000).to_bytes(8, "little")) if wide else b""
    swollen = whole[:end] + before + whole[end : end + 12] + size + whole[end + 16 :]
    with pytest.raises(Unreadable, match="tens of thousands of files"):
        read_zip(swollen)
