"""Slack's signed requests: what is acknowledged, what is refused, and that the work comes after (faults 18, 19)."""

import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import SignatureVerifier
from starlette.testclient import TestClient

from heardback.messages.listening import Worker, actions_app
from heardback.messages.modals import decision_form
from heardback.messages.presses import read_press
from tests.messages.presses import handed_in, pressed

SECRET, NOW = "made-up-for-these-tests", 1_795_000_000
POST = {
    "channel": "DUAMIRA",
    "ts": "1.1",
    "blocks": [
        {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": "heardback.decide", "value": '{"loop":"L-0001","version":3}'},
            ],
        }
    ],
}


@pytest.fixture
def seen() -> list[Mapping[str, Any]]:
    return []


@pytest.fixture
def web(seen: list[Mapping[str, Any]]) -> Iterator[TestClient]:
    worker = Worker(seen.append)
    with TestClient(actions_app(SECRET, worker, lambda: float(NOW))) as client:
        client.worker = worker  # type: ignore[attr-defined]
        yield client
    worker.close()


def ask(web: TestClient, payload: Mapping[str, Any], *, at: int = NOW, secret: str = SECRET, forge: str = "") -> Any:
    body = urlencode({"payload": json.dumps(payload)})
    signature = SignatureVerifier(secret).generate_signature(timestamp=str(at), body=body)
    headers = {
        "X-Slack-Request-Timestamp": str(at),
        "X-Slack-Signature": signature or "",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return web.post("/slack/actions", content=body + forge, headers=headers)


def test_a_signed_press_is_acknowledged_and_worked_on(web: TestClient, seen: list[Mapping[str, Any]]) -> None:
    payload = pressed(POST, "heardback.decide", "UAMIRA")
    answer = ask(web, payload)
    assert (answer.status_code, answer.content) == (200, b"")
    web.worker.close()  # type: ignore[attr-defined]
    assert seen == [payload]


@pytest.mark.parametrize(
    "forged",
    [{"secret": "another"}, {"at": NOW - 301}, {"at": NOW + 301}, {"forge": "&x=1"}],
    ids=["forged", "old", "from the future", "body changed"],
)
def test_18_a_forged_or_old_signature_is_refused_and_nothing_is_done(
    web: TestClient, seen: list[Mapping[str, Any]], forged: dict[str, Any]
) -> None:
    assert ask(web, pressed(POST, "heardback.decide", "UAMIRA"), **forged).status_code == 401
    assert web.post("/slack/actions", content="payload={}").status_code == 401
    web.worker.close()  # type: ignore[attr-defined]
    assert seen == []


def test_what_is_signed_and_no_payload_is_refused(web: TestClient) -> None:
    body = "payload=nonsense"
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=str(NOW), body=body) or ""
    headers = {"X-Slack-Request-Timestamp": str(NOW), "X-Slack-Signature": signature}
    assert web.post("/slack/actions", content=body, headers=headers).status_code == 400
    assert web.get("/slack/actions").status_code == 405
    assert web.get("/openapi.json").status_code == 404


@pytest.mark.parametrize(
    ("filled", "fault"),
    [
        ({"outcome": "cannot", "wording": "No."}, "reason"),
        ({"outcome": "will", "wording": "Soon."}, "by_date"),
    ],
)
def test_a_form_that_lacks_something_is_answered_beside_the_field_and_not_worked_on(
    web: TestClient, seen: list[Mapping[str, Any]], filled: dict[str, str], fault: str
) -> None:
    press = read_press(pressed(POST, "heardback.decide", "UAMIRA"))
    assert press
    answer = ask(web, handed_in(decision_form(press), "UAMIRA", **filled)).json()
    assert (answer["response_action"], list(answer["errors"])) == ("errors", [fault])
    web.worker.close()  # type: ignore[attr-defined]
    assert seen == []


def test_19_work_that_takes_longer_than_slack_waits_comes_after_the_acknowledgement() -> None:
    may_go_on, begun, done = threading.Event(), threading.Event(), threading.Event()

    def slowly(_: Mapping[str, Any]) -> None:
        begun.set()
        may_go_on.wait(20)
        done.set()

    worker = Worker(slowly)
    with TestClient(actions_app(SECRET, worker, lambda: float(NOW))) as web:
        assert ask(web, pressed(POST, "heardback.decide", "UAMIRA")).status_code == 200
        assert begun.wait(10)
        assert not done.is_set()
        may_go_on.set()
        worker.close()
    assert done.is_set()


def test_what_breaks_stops_nothing_and_is_told_by_its_kind(caplog: pytest.LogCaptureFixture) -> None:
    def broken(payload: Mapping[str, Any]) -> None:
        raise ValueError(str(payload))

    worker = Worker(broken)
    worker.take({"type": "block_actions", "said": "zebra"})
    worker.close()
    assert [record.getMessage() for record in caplog.records] == ["a press could not be worked on: ValueError"]
    assert "zebra" not in caplog.text


def test_a_press_is_known_again_whichever_envelope_brings_it() -> None:
    payload = pressed(POST, "heardback.decide", "UAMIRA")
    first, again = read_press(payload), read_press(json.loads(json.dumps(payload)))
    other = read_press(pressed(POST, "heardback.decide", "UAMIRA"))
    assert first
    assert again
    assert other
    assert first.press_uid == again.press_uid != other.press_uid
    assert (first.loops, first.version, first.place) == (("L-0001",), 3, ("DUAMIRA", "1.1"))
