"""Every connector keeps its promises, against a server that behaves, and misbehaves, as the tool would."""

import logging
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from heardback.errors import HeardbackError, SourceUnavailable, Unreadable
from heardback.sources.connectors import connection_faults, connector, drops_of, knock, table_of
from tests.sources.connectors.contract import Case, Tool, cases, fetch, rows_of

CASES = cases()
Played = tuple[Case, Any]


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def played(request: pytest.FixtureRequest) -> Iterator[Played]:
    with request.param.play() as tool:
        yield request.param, tool


def playing(trouble: str) -> pytest.MarkDecorator:
    """Over the connectors whose tool can misbehave so."""
    able = [case for case in CASES if trouble in case.troubles]
    return pytest.mark.parametrize("played", able, ids=lambda case: case.name, indirect=True)


def keeping() -> pytest.MarkDecorator:
    """Over the connectors whose tool keeps all that was said, to be asked for again."""
    able = [case for case in CASES if not case.by_post]
    return pytest.mark.parametrize("played", able, ids=lambda case: case.name, indirect=True)


def refusal_of(case: Case, tool: Tool, **more: Any) -> SourceUnavailable:
    """What a fetch fails with, seen to hold neither a secret nor anybody's words, itself and all that led to it."""
    with pytest.raises(SourceUnavailable) as refused:
        fetch(case.asking(tool, **more))
    told = "".join(traceback.format_exception(refused.value)) + repr(refused.value)
    assert_nothing_told(told, case, tool)
    return refused.value


def assert_nothing_told(text: str, case: Case, tool: Tool) -> None:
    assert tool.words
    for hidden in (*case.secrets.values(), tool.words):
        assert hidden not in text


def test_knocking_is_let_in_and_fetches_nobodys_words(played: Played) -> None:
    case, tool = played
    assert connector(case.name).knock
    knock(case.asking(tool))


def test_knocking_with_a_wrong_secret_is_refused_by_its_name(played: Played) -> None:
    case, tool = played
    asking = case.asking(tool, secret=lambda name: f"sqlite:///{name}/none.db" if "SQL" in name else "wrong")
    with pytest.raises(HeardbackError) as refused:
        knock(asking)
    told = "".join(traceback.format_exception(refused.value))
    assert "HEARDBACK_SECRET_" in told
    assert_nothing_told(told, case, tool)


def test_its_settings_are_closed_and_complete(played: Played) -> None:
    case, tool = played
    connect = {"to": case.name, **case.connect(tool)}
    assert connection_faults(connect) == []
    faults = connection_faults({**connect, "zebra": "1"})
    assert [(where, "zebra" in what) for where, what in faults] == [(("zebra",), True)]
    assert connection_faults({"to": case.name}) != []


def test_a_secret_written_into_the_map_is_a_fault_that_does_not_repeat_it(played: Played) -> None:
    case, tool = played
    connect = {"to": case.name, **case.connect(tool)}
    named = [key for key, value in connect.items() if value in list(case.secrets)]
    assert named
    for key in named:
        faults = connection_faults({**connect, key: "s3cret-in-the-map"})
        assert [where for where, _ in faults] == [(key,)]
        assert "s3cret-in-the-map" not in faults[0][1]


@keeping()
def test_nothing_is_asked_and_no_secret_read_before_the_fetch(played: Played) -> None:
    case, tool = played
    read: list[str] = []
    asking = case.asking(tool)
    drops = drops_of(replace(asking, secret=lambda name: read.append(name) or asking.secret(name)))
    assert (len(tool.asked), read) == (0, [])
    assert all(drop.name for drop in drops)
    drops[-1].fetch()
    assert len(tool.asked) >= case.pages
    assert sorted(set(read)) == sorted(case.secrets)


def test_secrets_and_words_stand_in_no_repr_and_no_log(played: Played, caplog: pytest.LogCaptureFixture) -> None:
    case, tool = played
    asking = case.asking(tool)
    with caplog.at_level(logging.DEBUG):
        drops = drops_of(asking)
        fetched = drops[-1].fetch()
        table_of(asking.feed, fetched.content, "drop")
    assert tool.words.encode() in fetched.content
    assert_nothing_told(caplog.text + repr(drops), case, tool)


def test_a_fetch_brings_every_answer_and_twice_the_same(played: Played) -> None:
    case, tool = played
    asking = case.asking(tool)
    first, second = fetch(asking), fetch(asking)
    assert first == second
    assert rows_of(asking, first, list(case.rows[0])) == [dict(row) for row in case.rows]


def test_who_said_it_is_in_the_raw_bytes_alone(played: Played) -> None:
    case, tool = played
    asking = case.asking(tool)
    fetched = fetch(asking)
    table = table_of(asking.feed, fetched.content, "drop")
    kept = table.frame.to_csv() + repr(table.notes) + repr(table.labels)
    for known in case.identity:
        assert known.encode() in fetched.content
        assert known not in kept


@keeping()
def test_the_cursor_goes_on_and_never_back(played: Played) -> None:
    case, tool = played
    first = fetch(case.asking(tool))
    asking = case.asking(tool, cursor=first.cursor)
    again = fetch(asking)
    assert case.order(again.cursor) >= case.order(first.cursor)
    case.later(tool)
    more = fetch(asking)
    assert case.order(more.cursor) >= case.order(again.cursor)
    assert dict(case.added) in rows_of(asking, more, list(case.added))
    later = replace(asking, cursor=more.cursor, at=asking.at + timedelta(days=1))
    assert case.order(fetch(later).cursor) >= case.order(more.cursor)


@keeping()
def test_a_snapshot_is_asked_for_whole_whatever_the_cursor(played: Played) -> None:
    case, tool = played
    first = fetch(case.asking(tool))
    asking = case.asking(tool, cursor=first.cursor)
    assert getattr(asking.feed, "mode", "") == "snapshot"
    fetched = fetch(asking)
    assert fetched.whole is not False
    assert len(rows_of(asking, fetched, list(case.rows[0]))) == len(case.rows)


def test_a_wrong_secret_fails_for_good_and_says_where_to_look(played: Played) -> None:
    case, tool = played
    for name in case.secrets:
        secrets = {**case.secrets, name: "wr0ng-one"}
        with pytest.raises(SourceUnavailable) as refused:
            fetch(replace(case.asking(tool), secret=secrets.__getitem__))
        told = "".join(traceback.format_exception(refused.value))
        assert refused.value.permanent
        assert name in told
        assert "wr0ng-one" not in told
        assert_nothing_told(told, case, tool)


@playing("refused")
def test_a_right_that_is_missing_is_not_asked_for_again(played: Played) -> None:
    case, tool = played
    tool.misbehave("refused")
    assert refusal_of(case, tool).permanent
    assert len(tool.asked) == 1


@playing("broken")
def test_a_server_that_breaks_amid_the_pages_is_tried_again_and_then_nothing_is_returned(played: Played) -> None:
    case, tool = played
    waits: list[float] = []
    tool.misbehave("broken", after=case.pages - 1)
    assert not refusal_of(case, tool, wait=waits.append).permanent
    assert len(waits) >= 2
    assert waits == sorted(waits)


@playing("broken")
def test_a_server_that_breaks_for_a_moment_costs_nothing(played: Played) -> None:
    case, tool = played
    whole = fetch(case.asking(tool))
    tool.misbehave("broken", after=case.pages - 1, times=1)
    assert fetch(case.asking(tool)) == whole


@playing("busy")
def test_a_busy_tool_is_left_alone_for_as_long_as_it_asks(played: Played) -> None:
    case, tool = played
    waits: list[float] = []
    whole = fetch(case.asking(tool))
    tool.misbehave("busy", after=case.pages - 1, times=1)
    assert fetch(case.asking(tool, wait=waits.append)) == whole
    assert waits == [7.0]


@playing("circle")
def test_a_next_link_that_repeats_is_refused(played: Played) -> None:
    case, tool = played
    tool.misbehave("circle")
    assert "circle" in str(refusal_of(case, tool))
    assert len(tool.asked) < 20


@playing("overstates")
def test_fewer_answers_than_the_tool_states_are_refused(played: Played) -> None:
    case, tool = played
    tool.misbehave("overstates")
    assert str(len(case.rows)) in str(refusal_of(case, tool))


@playing("error_body")
def test_an_error_that_comes_with_a_200_is_an_error(played: Played) -> None:
    case, tool = played
    for after in range(case.pages):
        tool.misbehave("error_body", after=after, times=1)
        assert "error" in str(refusal_of(case, tool))


@playing("other_json")
def test_json_that_holds_no_answers_is_not_no_answers(played: Played) -> None:
    case, tool = played
    for after in range(case.pages):
        tool.misbehave("other_json", after=after, times=1)
        assert refusal_of(case, tool).permanent


@playing("web_page")
def test_a_log_in_page_is_named_as_one(played: Played) -> None:
    case, tool = played
    tool.misbehave("web_page")
    assert "log-in page" in str(refusal_of(case, tool))


@playing("elsewhere")
def test_a_redirect_to_another_host_is_refused(played: Played) -> None:
    case, tool = played
    tool.misbehave("elsewhere")
    assert "elsewhere.example" in str(refusal_of(case, tool))


def test_more_than_the_limit_is_refused(played: Played) -> None:
    case, tool = played
    with pytest.raises(HeardbackError, match=r"larger|limit|MB"):
        fetch(case.asking(tool, max_megabytes=0))


@playing("bomb")
def test_what_unpacks_beyond_the_limit_is_refused(played: Played) -> None:
    case, tool = played
    tool.misbehave("bomb")
    assert "larger" in str(refusal_of(case, tool, max_megabytes=1))


@pytest.mark.parametrize("name", [case.name for case in CASES if case.name not in ("mailbox", "sql")])
def test_answers_that_are_nested_without_end_are_refused_and_are_no_fault_of_ours(name: str) -> None:
    case = next(case for case in CASES if case.name == name)
    deep = b'{"a":' * 50_000 + b'"canary"' + b"}" * 50_000
    with case.play() as tool, pytest.raises(Unreadable) as refused:
        table_of(case.asking(tool).feed, b'{"responses": [%s], "survey": [%s]}' % (deep, deep), "a drop")
    assert "canary" not in str(refused.value)
