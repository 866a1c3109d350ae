"""The hashes of many entries at once are those that `verify` works out one by one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from heardback.domain.chain import chain, entry_hash
from heardback.domain.lifecycle import Role
from heardback.domain.words import LoopState

AT = datetime(2026, 11, 21, 9, 0, 1, 5, tzinfo=UTC)
TEXT = st.text(max_size=8) | st.sampled_from(['"', "\\", "\n", "é", "\u2028", "😀"])
DETAILS = st.dictionaries(
    TEXT, TEXT | st.integers() | st.booleans() | st.none() | st.lists(TEXT, max_size=2), max_size=2
)
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "sequence": st.integers(1, 9), "loop_uid": TEXT, "version": st.integers(1, 3),
            "move": st.sampled_from(["open", "own"]), "from_state": st.just("") | st.sampled_from(LoopState),
            "to_state": st.sampled_from(LoopState), "actor": st.sampled_from(["heardback", 'amira "o"']),
            "role": st.sampled_from(Role), "at": st.sampled_from([AT, AT + timedelta(hours=1)]),
            "on_date": st.sampled_from([date(2026, 1, 5), date(2026, 1, 6)]), "reason": TEXT, "details": DETAILS,
        }
    ),
    max_size=6,
)  # fmt: skip


@given(ENTRIES, st.sampled_from(["", "ab" * 32]))
def test_hashes_made_together_are_those_made_one_by_one(entries: list[dict[str, Any]], previous: str) -> None:
    expected = []
    for entry in entries:
        expected.append(entry_hash(expected[-1] if expected else previous, entry))
    assert chain(previous, entries) == expected


def test_details_that_only_look_alike_are_told_apart() -> None:
    entry = {
        "sequence": 1, "loop_uid": "L-1", "version": 1, "move": "open", "from_state": "", "to_state": "heard",
        "actor": "a", "role": "system", "at": AT, "on_date": date(2026, 1, 5), "reason": "",
    }  # fmt: skip
    alike = [entry | {"details": {"priority": value}} for value in (1, True, "1", 1.0)]
    assert chain("", alike)[1:] == [
        entry_hash(before, one) for before, one in zip(chain("", alike), alike[1:], strict=False)
    ]
