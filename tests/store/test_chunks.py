"""Long lists are cut into pieces that one statement takes, and nothing of them is lost."""

from heardback.store.chunks import in_chunks


def test_every_value_is_in_one_piece_in_its_order() -> None:
    assert list(in_chunks([7, 3, 9, 1, 5], 2)) == [[7, 3], [9, 1], [5]]
    assert list(in_chunks("ab", 2)) == ["ab"]


def test_nothing_is_no_piece() -> None:
    assert list(in_chunks([])) == []
