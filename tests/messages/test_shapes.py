"""Alerts, messages after an action, possible answers and forms: inside Slack's limits at their largest, and inert."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from slack_sdk.models.views import View

from config.policy import SafeguardingPolicy
from heardback.domain.alerts import Alert, HeldLoop
from heardback.domain.nudging.open_loops import PossibleAnswer
from heardback.messages import modals
from heardback.messages.alarm import alert_message
from heardback.messages.blocks import digest_message
from heardback.messages.limits import MOST_BLOCKS, MOST_CHARACTERS, characters
from heardback.messages.presses import Press
from heardback.messages.updated import Settled, updated_message
from tasks.possible import MOST, ROOM_FOR
from tests.nudge_makers import digest, directory, open_loop

AT = datetime(2026, 11, 17, 10, 18, tzinfo=UTC)
COUNCIL, BASE = "London Borough of Eastmere", "https://heardback.example"
HOSTILE = "<!channel> <https://evil.example|click> *bold* & " * 10
PRESS = Press("uid", "UAMIRA", "decide", ("L-0142",), 3, place=("D1", "1.1"))


def held(number: int, minutes: int) -> HeldLoop:
    return HeldLoop(f"L-{number:05d}", "youth", AT - timedelta(minutes=minutes))


@pytest.mark.parametrize("count", [1, 10, 11, 400])
def test_an_alert_of_any_number_of_loops_fits(count: int) -> None:
    alert = Alert("helen", "20261117T1018", tuple(held(number, number) for number in range(count)))
    message = alert_message(alert, directory().people["helen"], SafeguardingPolicy(), AT, BASE)
    assert len(message.blocks) <= MOST_BLOCKS
    assert characters(message) <= MOST_CHARACTERS
    assert ("and 390 more" in message.text) == (count == 400)
    assert "youth" not in json.dumps(message.blocks)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "waiting 0 minutes, to be opened by 11:18"),
        (1, "waiting 1 minute, to be opened by 11:17"),
        (61, "waiting 61 minutes, should have been opened by 10:17"),
        (180, "waiting 3 hours, should have been opened by 08:18"),
        (4320, "waiting 3 days, should have been opened by 11:18 on 14 Nov"),
    ],
)
def test_an_alert_says_how_long_and_until_when(minutes: int, said: str) -> None:
    alert = Alert("helen", "x", (held(7, minutes),))
    assert said in alert_message(alert, directory().people["helen"], SafeguardingPolicy(), AT, "").text


@pytest.mark.parametrize("loops", [5, 8, ROOM_FOR, 20])
def test_the_largest_digest_fits_with_possible_answers_and_pauses(loops: int) -> None:
    answer = PossibleAnswer("log:" + "9" * 60, HOSTILE, "the same service, words alike, and the change came after")
    kept = MOST if loops <= ROOM_FOR else 0
    shown = [open_loop(n, title=HOSTILE, possible=answer if n <= kept else None) for n in range(1, loops + 1)]
    paused = tuple(open_loop(n, paused_until=date(2026, 12, 3)) for n in range(50, 80))
    message = digest_message(
        replace(digest(*shown, more=99), paused=paused), directory().people["amira"], COUNCIL, BASE
    )
    assert len(message.blocks) <= MOST_BLOCKS
    assert "and 22 more" in message.text
    assert not any("<!channel>" in said for said in _marked_up(message.blocks))


def test_a_message_after_an_action_fits_and_keeps_markup_inert() -> None:
    rows = [Settled("L-0001", HOSTILE, f"Decided by {HOSTILE}")] * 10 + [open_loop(n) for n in range(50, 60)]
    rows = [replace(row, loop_uid=f"L-{n:04d}") for n, row in enumerate(rows)]
    message = updated_message("digest", "uid", directory().people["amira"], rows, COUNCIL, BASE)
    assert message.text.startswith("Your loops: 10 waiting, 10 done")
    assert not any("<!channel>" in said for said in [message.text, *_marked_up(message.blocks)])


@pytest.mark.parametrize(
    "form",
    [
        modals.decision_form(PRESS), modals.decision_form(PRESS, "cannot"), modals.telling_form(PRESS),
        modals.pause_form(PRESS), modals.reason_form(PRESS, "snooze", "Not now", "Why?"),
        modals.reassign_form(PRESS, {f"p{n}": HOSTILE for n in range(150)}, {f"s{n}": HOSTILE for n in range(150)}),
    ],
    ids=lambda form: form["callback_id"],
)  # fmt: skip
def test_a_form_is_one_that_slack_takes_and_knows_its_loop_and_version(form: dict[str, object]) -> None:
    View(**form).validate_json()  # type: ignore[arg-type]
    assert json.loads(str(form["private_metadata"])) == {"loop": "L-0142", "version": 3, "channel": "D1", "ts": "1.1"}
    assert all(len(option["text"]["text"]) <= 75 for option in _options(form))
    assert all(len(options) <= 100 for options in _options_by_field(form))


def _options(form: dict[str, object]) -> list[dict[str, dict[str, str]]]:
    return [option for options in _options_by_field(form) for option in options]


def _options_by_field(form: dict[str, object]) -> list[list[dict[str, dict[str, str]]]]:
    blocks = form["blocks"]
    assert isinstance(blocks, list)
    return [block.get("element", {}).get("options", []) for block in blocks]


def _marked_up(blocks: list[dict[str, Any]]) -> list[str]:
    """What Slack would read as mrkdwn; plain text means nothing but itself."""
    return [block["text"]["text"] for block in blocks if block.get("text", {}).get("type") == "mrkdwn"]
