"""What people are told of a file: alike notes as one, with the columns and the first row."""

from heardback.domain.table import Note, told

NEW = "the map does not know this column"


def test_alike_notes_are_one_that_names_the_columns() -> None:
    notes = [
        Note("new_column", NEW, None, "Which school?"),
        Note("delimiter", "a tab"),
        Note("new_column", NEW, None, "Mood"),
    ]
    assert [note.what for note in told(notes)] == [f"{NEW}: 'Which school?', 'Mood'", "a tab"]


def test_what_counts_rows_says_in_which_row_it_is_first() -> None:
    notes = [
        Note("off_scale", "off the scale (2 rows)", row, column, 2) for row, column in ((9, "Stars"), (4, "Smiley"))
    ]
    assert [note.what for note in told(notes)] == ["off the scale (2 rows): 'Stars', 'Smiley', first in row 4"]


def test_many_columns_are_counted_and_a_long_header_is_cut() -> None:
    notes = [Note("new_column", NEW, None, f"{number} {'x' * 90}") for number in range(7)]
    (note,) = told(notes)
    assert note.what.endswith(", and 2 columns more")
    assert [len(header) for header in note.what.removeprefix(f"{NEW}: ").split(", ")[:5]] == [62] * 5


def test_a_missing_column_is_named_once() -> None:
    missing = Note("missing_column", "the map's column for say is not in the file", None, "What should change?")
    assert told([missing]) == [missing]
