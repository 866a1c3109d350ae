"""Which loops a group is told of at its next meeting."""

from datetime import date

import pandas as pd
import pytest

from heardback.domain.told_back import OwnLoops, loops_of_group

MET = date(2026, 9, 15)
BEFORE, AFTER = "2026-09-01", "2026-10-01"


def loop(uid: str, state: str, **days: str) -> dict[str, object]:
    blank = dict.fromkeys(("decided_on", "promise_kept_on", "told_on"), pd.NaT)
    known = {name: pd.Timestamp(day) for name, day in days.items()}
    return {"loop_uid": uid, "state": state, "heard_from": pd.Timestamp(BEFORE), **blank, **known}


def voice(uid: str, heard: str = BEFORE, source: str = "box", service: str = "youth") -> dict[str, object]:
    return {"loop_uid": uid, "source_id": source, "service_code": service, "heard_on": pd.Timestamp(heard)}


def own(loops: list[dict[str, object]], voices: list[dict[str, object]], **more: object) -> OwnLoops:
    given = {"sources": ["box"], "services": (), "since": MET, **more}
    return loops_of_group(pd.DataFrame(loops), pd.DataFrame(voices), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "listed"),
    [
        ({"decided_on": BEFORE, "told_on": BEFORE}, False),  # they heard of it before they met
        ({"decided_on": AFTER, "told_on": AFTER}, True),
        ({"decided_on": BEFORE, "told_on": AFTER}, True),
        ({"decided_on": BEFORE, "told_on": BEFORE, "promise_kept_on": AFTER}, True),
    ],
)
def test_an_answer_is_listed_where_anything_came_of_it_since(days: dict[str, str], listed: bool) -> None:
    assert own([loop("a", "told", **days)], [voice("a")]).answered == (("a",) if listed else ())


def test_an_old_answer_is_listed_again_where_somebody_has_said_it_again_or_nobody_was_told() -> None:
    loops = [loop(uid, state, decided_on=BEFORE, told_on=BEFORE) for uid, state in (("a", "agreed"), ("b", "decided"))]
    found = own(loops, [voice("a"), voice("a", AFTER), voice("b")])
    assert (found.answered, found.new) == (("a", "b"), frozenset({"a"}))


def test_whatever_waits_stands_there_at_every_meeting_the_oldest_first() -> None:
    first = {**loop("b", "owned"), "heard_from": pd.Timestamp("2025-01-01")}
    found = own([loop("a", "heard"), first, loop("c", "reopened")], [voice(uid) for uid in "abc"])
    assert found.waiting == ("b", "a", "c")


def test_only_what_the_group_said_is_on_its_list_and_only_of_its_services() -> None:
    loops = [loop(uid, "heard") for uid in "abc"]
    voices = [voice("a"), voice("b", source="exit"), voice("c", service="yjs")]
    assert own(loops, voices).waiting == ("a", "c")
    assert own(loops, voices, services=["youth"]).waiting == ("a",)


def test_a_group_that_never_met_is_told_of_everything() -> None:
    loops = [loop("a", "told", decided_on=BEFORE, told_on=BEFORE), loop("b", "heard")]
    found = own(loops, [voice("a"), voice("b")], since=None)
    assert (found.answered, found.waiting, found.new) == (("a",), ("b",), frozenset({"a", "b"}))
