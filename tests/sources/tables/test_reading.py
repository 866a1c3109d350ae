"""A file's bytes become a table of text, or are refused with a reason; nothing is guessed silently."""

import pytest

from config.layout import FileShape
from heardback.domain.table import Note
from heardback.errors import Unreadable
from heardback.sources.tables import rows as sorting
from heardback.sources.tables.reading import read_table
from tests.sources.samples import read

HTML_PAGE = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>"


def codes(notes: list[Note]) -> list[str]:
    return [note.code for note in notes]


def test_cells_are_text_and_keep_their_zeros() -> None:
    table = read("id,phone\n0123,07700 900123\n")
    assert table.frame.to_dict("records") == [{"id": "0123", "phone": "07700 900123"}]
    assert set(map(str, table.frame.dtypes)) == {"str"}


def test_row_numbers_are_those_of_the_open_spreadsheet() -> None:
    """
    row 1  id,improve
    row 2  1,"two
           lines"
    row 3  (blank)
    row 4  2,more
    """
    table = read('id,improve\n1,"two\nlines"\n\n2,more\n')
    assert list(table.frame.index) == [2, 4]
    assert table.frame.loc[2, "improve"] == "two\nlines"
    assert table.blank_rows == 1


def test_blank_rows_are_dropped_and_counted_wherever_they_stand() -> None:
    table = read("id,improve\n\n1,x\n,\n  ,\t\n2,y\n\n\n")
    assert (len(table.frame), table.blank_rows, table.rows_read) == (2, 5, 2)


@pytest.mark.parametrize("rows", [10_000, 20_001])
def test_a_long_file_keeps_every_row_its_cells_together_and_its_number(rows: int) -> None:
    table = read("id,improve\n" + "".join(f"{row},said {row}\n" for row in range(2, rows + 2)))
    assert table.rows_read == rows
    assert table.frame["id"].tolist() == [str(row) for row in table.frame.index] == [*map(str, range(2, rows + 2))]
    assert table.frame["improve"].tolist() == [f"said {row}" for row in range(2, rows + 2)]


def test_a_header_alone_is_a_table_of_no_rows() -> None:
    table = read("id,improve\n")
    assert (list(table.frame.columns), table.rows_read) == (["id", "improve"], 0)


@pytest.mark.parametrize("content", ["", " \n\n", "\ufeff", "\ufeff\n "])
def test_an_empty_file_is_refused(content: str) -> None:
    with pytest.raises(Unreadable):
        read(content)


@pytest.mark.parametrize("content", [HTML_PAGE, "  \n<html>", "\ufeff<!doctype HTML>", "<?xml version='1.0'?>\n<html>"])
def test_a_web_page_saved_as_csv_is_refused(content: str) -> None:
    with pytest.raises(Unreadable, match="web page"):
        read(content)


def test_a_pdf_is_refused() -> None:
    with pytest.raises(Unreadable, match="PDF"):
        read(b"%PDF-1.7\n...")


def test_a_byte_order_mark_is_no_part_of_the_first_header() -> None:
    assert list(read("\ufeffid,improve\n1,x\n").frame.columns) == ["id", "improve"]


def test_a_file_that_is_not_utf_8_falls_back_and_says_so() -> None:
    table = read("id,improve\n1,café – “hm”\n".encode("cp1252"))
    assert table.frame.loc[2, "improve"] == "café – “hm”"
    assert (table.encoding, codes(table.notes)) == ("cp1252", ["encoding_fallback"])


def test_bytes_that_no_listed_encoding_has_are_counted() -> None:
    table = read(b"id,improve\n1,a\x81b\x8dc\n")  # cp1252 leaves both open
    assert table.frame.loc[2, "improve"] == "a\ufffdb\ufffdc"
    notes = {note.code: note for note in table.notes}
    assert notes["undecodable"].what.startswith("2 bytes")
    assert notes["lost_characters"].row_number == 2


def test_utf_16_is_refused_unless_the_map_lists_it() -> None:
    with pytest.raises(Unreadable, match="UTF-16"):
        read("id,improve\n1,x\n".encode("utf-16"))


def test_utf_16_is_read_where_the_map_lists_it() -> None:
    table = read("id,improve\n1,żółty\n".encode("utf-16"), encodings=["utf-8-sig", "utf-16"])
    assert table.frame.loc[2, "improve"] == "żółty"
    assert table.encoding == "utf-16"


def test_utf_16_in_the_list_does_not_swallow_a_utf_8_file() -> None:
    table = read("id,improve\n1,x\n", encodings=["utf-16", "utf-8-sig"])
    assert (table.encoding, table.frame.loc[2, "improve"]) == ("utf-8-sig", "x")


def test_utf_8_that_was_read_as_cp1252_is_put_right() -> None:
    table = read("id,improve\n1,itâ€™s cafÃ© ðŸ˜Š\n2,naïve Âge\n")
    assert list(table.frame["improve"]) == ["it’s café 😊", "naïve Âge"]
    (note,) = table.notes
    assert (note.code, note.row_number, note.column) == ("mojibake", 2, "improve")


def test_nul_and_control_characters_are_taken_out_and_counted() -> None:
    table = read("id,improve\n1,a\x00b\n2,c\x07\x1fd\n3,tab\there\n")
    assert list(table.frame["improve"]) == ["ab", "cd", "tab\there"]
    assert [(note.code, note.what[-8:]) for note in table.notes] == [("control_characters", "(2 rows)")]


def test_windows_line_breaks_within_a_cell_become_plain_ones() -> None:
    assert read('id,improve\r\n1,"a\r\nb\rc"\r\n').frame.loc[2, "improve"] == "a\nb\nc"


def test_a_line_break_that_was_pasted_from_a_word_processor_parts_two_words() -> None:
    table = read("id,improve\n1,more\x0bseats\x0cplease\n")
    assert (table.frame.loc[2, "improve"], table.notes) == ("more\nseats\nplease", [])


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_maps_delimiter_is_used(delimiter: str) -> None:
    table = read(f"id{delimiter}improve\n1{delimiter}a, b\n", delimiter=delimiter)
    assert table.frame.loc[2].to_dict() == {"id": "1", "improve": "a, b"}


def test_another_delimiter_than_the_maps_is_refused_and_named() -> None:
    with pytest.raises(Unreadable, match="a semicolon") as error:
        read("id;improve;consent\n1;x, y;Y\n2;z;N\n", delimiter=",")
    assert "';'" in error.value.do


@pytest.mark.parametrize(("delimiter", "named"), [(";", "a semicolon"), ("\t", "a tab"), ("|", "a bar")])
def test_a_delimiter_that_the_map_does_not_state_is_told_by_how_evenly_it_cuts(delimiter: str, named: str) -> None:
    table = read("".join(delimiter.join(row) + "\n" for row in (["id", "improve"], ["1", "a, b"], ["2", "c, d"])))
    assert table.frame["improve"].to_list() == ["a, b", "c, d"]
    assert [note.what for note in table.notes] == [f"the cells are separated by {named}"]


def test_a_comma_needs_no_word_though_semicolons_stand_in_the_cells() -> None:
    table = read("id,improve\n1,a;b;c\n2,d;e;f\n")
    assert (table.frame["improve"].to_list(), table.notes) == (["a;b;c", "d;e;f"], [])


def test_one_column_of_words_with_commas_is_no_other_delimiter() -> None:
    table = read("What else, if anything\nmore, please\nnothing\n", delimiter=";")
    assert list(table.frame.iloc[:, 0]) == ["more, please", "nothing"]


def test_a_row_with_too_few_or_too_many_cells_is_broken_and_says_where() -> None:
    table = read("id,improve,consent\n1,x,Y\n2,y\n3,z,Y,extra\n4,w,N\n")
    assert list(table.frame.index) == [2, 5]
    assert [(row.row_number, row.cells) for row in table.broken] == [(3, ("2", "y")), (4, ("3", "z", "Y", "extra"))]
    assert table.broken[0].reason == "the row has 2 cells where the header has 3"
    assert table.rows_read == 4


def test_blank_cells_beyond_the_header_break_nothing() -> None:
    table = read("id,improve\n1,x,,\n2,y, \n")
    assert (len(table.frame), table.broken) == (2, [])


def test_a_trailing_column_without_header_or_cells_is_dropped() -> None:
    assert list(read("id,improve,\n1,x,\n2,y\n").frame.columns) == ["id", "improve"]


def test_a_trailing_column_without_header_but_with_cells_is_kept() -> None:
    table = read("id,improve,\n1,x,more\n")
    assert table.frame.loc[2].to_list() == ["1", "x", "more"]


def test_a_quoted_cell_that_never_ends_is_refused_with_its_row() -> None:
    with pytest.raises(Unreadable, match="never closed") as error:
        read('id,improve\n1,x\n2,"never\nends,\n')
    assert "row 3" in error.value.where


@pytest.mark.parametrize("before", ["", '1,"a"b\n'])
def test_a_cell_that_never_ends_is_refused_in_a_long_file_too(before: str) -> None:
    with pytest.raises(Unreadable, match="never closed or is over 131,072 characters") as error:
        read(f'id,improve\n{before}2,"never ends,\n' + "3,more swings\n" * 12_000)
    assert f"row {2 + bool(before)}" in error.value.where


def test_a_stray_quotation_mark_is_read_and_noted() -> None:
    table = read('id,improve\n1,"a"b\n2,c\n')
    assert list(table.frame["improve"]) == ["ab", "c"]
    assert codes(table.notes) == ["stray_quotes"]


def test_titles_above_the_header_are_refused_until_the_map_says_how_many() -> None:
    text = "Exit survey 2026,,\nid,improve,consent\n1,x,Y\n2,y,N\n"
    with pytest.raises(Unreadable, match="title"):
        read(text)
    table = read(text, skip_rows=1)
    assert list(table.frame.columns) == ["id", "improve", "consent"]
    assert list(table.frame.index) == [3, 4]


def test_a_blank_header_row_is_refused() -> None:
    with pytest.raises(Unreadable, match="header row is blank"):
        read("\nid,improve\n1,x\n")


def test_qualtrics_third_header_row_is_refused_until_the_map_counts_it() -> None:
    text = 'ResponseId,Q1\nResponse ID,What should change?\n"{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}"\n'
    text += "R_1,more\n"
    for rows in (1, 2):
        with pytest.raises(Unreadable, match="ImportId"):
            read(text, header_rows=rows)
    table = read(text, header_rows=3)
    assert table.frame.to_dict("records") == [{"ResponseId": "R_1", "Q1": "more"}]
    assert table.labels == {"ResponseId": "Response ID", "Q1": "What should change?"}


def test_a_second_table_below_a_gap_is_refused() -> None:
    with pytest.raises(Unreadable, match="second table") as error:
        read("id,improve,consent\n1,x,Y\n\nservice,count\nyjs,3\nhub,4\n")
    assert "row 4" in error.value.where


def test_the_header_again_further_down_is_a_second_table() -> None:
    with pytest.raises(Unreadable, match="second table"):
        read("id,improve\n1,x\nid,improve\n2,y\n")


def test_the_header_again_is_told_however_much_follows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heardback.domain.packed.AT_ONCE", 2)
    with pytest.raises(Unreadable, match="second table") as error:
        read("id,improve\n1,x\nid,improve\n2,y\n3,z\n4,a\n")
    assert "row 3" in error.value.where


def test_a_single_line_below_a_gap_is_a_broken_row_and_no_table() -> None:
    table = read("id,improve\n1,x\n\nPrinted on Friday\n")
    assert [row.row_number for row in table.broken] == [4]


def test_no_message_of_a_refusal_repeats_a_cell() -> None:
    with pytest.raises(Unreadable) as error:
        read('id,improve\n1,"canary-7788\n')
    assert "canary-7788" not in str(error.value)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_read_where_the_map_lists_it(encoding: str) -> None:
    content = "id,improve\n1,more seats\n".encode(encoding)
    table = read_table(content, "a.csv", FileShape(encodings=("utf-8-sig", "utf-16")))
    assert table.frame.loc[2].tolist() == ["1", "more seats"]


def test_json_in_utf16_is_read_where_the_map_lists_it() -> None:
    content = '[{"id": 1, "improve": "more seats"}]'.encode("utf-16")
    table = read_table(content, "a.json", FileShape(encodings=("utf-16",)))
    assert table.frame.loc[2].tolist() == ["1", "more seats"]


def test_half_an_emoji_in_json_is_a_lost_character() -> None:
    table = read_table(b'[{"id": 1, "improve": "half \\ud83d of it"}]', "a.json", FileShape())
    assert table.frame.loc[2, "improve"] == "half \ufffd of it"
    assert "lost_characters" in {note.code for note in table.notes}


def test_a_comment_of_several_lines_stays_one_row_below_a_quotation_mark_that_stands_astray() -> None:
    table = read('id,improve,like\n1,"He said "no" to me",x\n2,"one\n2,3,4\nthree",z\n')
    assert table.frame["improve"].tolist() == ['He said no" to me"', "one\n2,3,4\nthree"]
    assert not table.broken


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_rows_that_an_open_quotation_swallowed_are_rows_again(delimiter: str) -> None:
    text = 'id,improve,like\n1,a,b\n2,"it is cold,x\n3,c,d\n4,"it is warm,x\n5,e,f\n'
    table = read(text.replace(",", delimiter), delimiter=delimiter)
    assert table.frame["id"].tolist() == ["1", "3", "5"]
    assert [row.row_number for row in table.broken] == [3, 5]


def test_a_header_of_a_hundred_thousand_cells_is_refused_before_it_is_named() -> None:
    with pytest.raises(Unreadable, match="the header has 100,000 cells, and 16,384 are the most"):
        read(",".join(["a"] * 100_000) + "\n1\n")


def test_a_file_whose_rows_hardly_ever_fit_is_refused_before_all_of_them_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sorting, "MOST_BROKEN", 5)
    with pytest.raises(Unreadable, match="row 7: 6 rows and more have another number of cells"):
        read("id,improve\n" + "1\n" * 100)
    assert len(read("id,improve\n" + "1,a\n" * 9 + "1\n" * 9).broken) == 9


def test_what_ended_a_file_under_dos_is_no_row() -> None:
    table = read("id,improve\n1,a\n\x1a")
    assert (table.numbers.tolist(), table.broken, table.blank_rows) == ([2], [], 1)


def test_a_header_with_a_byte_order_mark_that_was_decoded_wrongly_is_clean() -> None:
    assert read("\u00ef\u00bb\u00bfid,im\x00prove\n1,a\n").columns == ["id", "improve"]


def test_a_path_that_leads_to_no_list_names_the_lists_there_are() -> None:
    with pytest.raises(Unreadable, match=r"write file\.records: data"):
        read_table(b'{"data": [{"id": 1}]}', "a.json", FileShape(records="answers"))


def test_a_row_of_latin_letters_leaves_the_rows_of_utf8_around_it_whole() -> None:
    rest = "1,Zażółć – “naïve” 😀\n".encode() + b"2,caf\xe9\n" + "3,piñata 漢字\n".encode()
    table = read_table(b"id,improve\n" + rest, "a.csv", FileShape())
    assert table.frame["improve"].tolist() == ["Zażółć – “naïve” 😀", "café", "piñata 漢字"]
    said = ["1 byte is not utf-8-sig and was read as cp1252: first in line 3 of the file"]
    assert [note.what for note in table.notes] == said


def test_nuls_that_pad_a_file_are_no_utf16() -> None:
    table = read_table(b"id,improve\n1,more seats\n" + bytes(2_000), "a.csv", FileShape())
    assert (table.numbers.tolist(), table.broken, table.blank_rows) == ([2], [], 1)


@pytest.mark.parametrize("mark", ["sep=;", "SEP=;", "\ufeffsep=;"])
def test_the_line_that_tells_excel_the_delimiter_is_no_row(mark: str) -> None:
    table = read(f"{mark}\r\nid;improve\r\n1;more, seats\r\n")
    assert table.frame.loc[2].tolist() == ["1", "more, seats"]


def test_a_header_that_cp1252_could_not_mend_is_whole_where_one_byte_of_the_file_is_no_utf8() -> None:
    table = read_table("id,Beth am y tŷ?\n1,Łódź\n2,am y tŷ\n".encode() + b"3,it\x92s cold\n", "a.csv", FileShape())
    assert [*table.columns] == ["id", "Beth am y tŷ?"]
    assert table.frame["Beth am y tŷ?"].tolist() == ["Łódź", "am y tŷ", "it’s cold"]
    assert [note.what for note in table.notes] == [
        "1 byte is not utf-8-sig and was read as cp1252: first in line 4 of the file"
    ]


def test_utf_32_is_refused_by_its_name() -> None:
    with pytest.raises(Unreadable, match="UTF-32"):
        read("id,improve\n1,x\n".encode("utf-32"), encodings=["utf-8-sig", "utf-16"])


def test_a_line_of_millions_of_cells_is_refused_before_it_is_cut() -> None:
    with pytest.raises(Unreadable, match=r"line 2: the line has 1,000,002 cells"):
        read("id,improve\n" + "," * 1_000_001)


def test_more_blank_rows_than_a_worksheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "MOST_BLANK", 5)
    assert read("id,improve\n1,x\n" + "\n" * 5).blank_rows == 5
    with pytest.raises(Unreadable, match="over 5 blank rows"):
        read("id,improve\n1,x\n" + "\n" * 6)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_record_in_each_line_is_called_so(name: str, end: str) -> None:
    with pytest.raises(Unreadable, match="JSON lines"):
        read_table(('{"id": 1, "improve": "x"}\n{"id": 2, "improve": "y"}' + end).encode(), name, FileShape())


def test_a_key_that_stands_twice_in_a_record_loses_neither_answer() -> None:
    table = read_table(b'[{"id": 1, "improve": "x", "improve": "y"}]', "a.json", FileShape())
    assert table.frame.to_dict("records") == [{"id": "1", "improve": "x", "improve (2)": "y"}]


@pytest.mark.parametrize("crammed", [b"[" + b"{}," * 500_000 + b"{}]", b'[{"id": [' + b"1," * 600_000 + b"1]}]"])
def test_json_that_is_hardly_anything_but_commas_is_refused_before_it_is_parsed(crammed: bytes) -> None:
    with pytest.raises(Unreadable, match="the JSON holds"):
        read_table(crammed, "a.json", FileShape())
