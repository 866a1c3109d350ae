"""Slack over a real connection to a server that behaves, and misbehaves, as Slack does."""

import logging
import socket
import traceback
from collections.abc import Iterator
from contextlib import suppress

import pytest

from heardback.errors import SendFailed
from heardback.messages.blocks import digest_message
from heardback.messages.message import Message, nudge_metadata
from heardback.messages.slack import SlackSender
from tests.messages.slack_server import TOKEN, FakeSlack, Trouble
from tests.nudge_makers import digest, directory, open_loop

COUNCIL = "London Borough of Eastmere"


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSlack]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with FakeSlack() as server:
        yield server


def sender(slack: FakeSlack, token: str = TOKEN) -> SlackSender:
    return SlackSender(token, slack.base_url, timeout_seconds=1)


def message() -> Message:
    return digest_message(digest(open_loop()), directory().people["amira"], COUNCIL, "https://heardback.example")


def numbered(number: int) -> Message:
    return Message("digest", "", f"message {number}", [], nudge_metadata(f"digest-2026-W{number:02d}-00"))


def failure(slack: FakeSlack, *troubles: Trouble, address: str = "UAMIRA", token: str = TOKEN) -> SendFailed:
    slack.troubles.extend(troubles)
    with pytest.raises(SendFailed) as caught:
        sender(slack, token).send(message(), address)
    return caught.value


def test_a_message_to_a_person_is_posted_once_into_their_direct_conversation(slack: FakeSlack) -> None:
    receipt = sender(slack).send(message(), "UAMIRA")
    (post,) = slack.posts
    assert (receipt.channel, receipt.ts) == ("DUAMIRA", post["ts"])
    assert slack.calls == ["conversations.open", "chat.postMessage"]


def test_what_arrives_is_the_payload_to_the_letter(slack: FakeSlack) -> None:
    sent = message()
    sender(slack).send(sent, "CBOARD")
    (post,) = slack.posts
    assert {name: post[name] for name in sent.payload("CBOARD")} == sent.payload("CBOARD")
    assert slack.calls == ["chat.postMessage"]


def test_a_message_that_stands_there_is_found_by_its_key_on_any_page_of_the_history(slack: FakeSlack) -> None:
    post = sender(slack)
    receipts = [post.send(numbered(number), "UAMIRA") for number in range(1, 6)]  # two on a page: three pages
    assert post.find("UAMIRA", "digest-2026-W01-00") == receipts[0]
    assert post.find("UAMIRA", "digest-2026-W05-00") == receipts[4]
    assert post.find("UAMIRA", "digest-2026-W06-00") is None
    assert post.find("UBEN", "digest-2026-W01-00") is None


def test_a_message_of_another_kind_with_the_same_key_is_not_ours(slack: FakeSlack) -> None:
    other = {"event_type": "something_else", "event_payload": {"key": "digest-2026-W01-00"}}
    slack.posts += [{"channel": "CBOARD", "ts": "1.1", "metadata": other}, {"channel": "CBOARD", "ts": "1.2"}]
    assert sender(slack).find("CBOARD", "digest-2026-W01-00") is None


@pytest.mark.parametrize("kind", ["drop", "hang"])
def test_a_connection_lost_after_slack_accepted_is_in_doubt_posted_once_and_found(slack: FakeSlack, kind: str) -> None:
    error = failure(slack, Trouble(kind, accepts=True))
    assert (error.fate_unknown, error.permanent, error.code) == (True, False, "broken_off")
    assert len(slack.posts) == 1
    assert slack.calls.count("chat.postMessage") == 1
    slack.release.set()
    found = sender(slack).find("UAMIRA", message().nudge_uid)
    assert found is not None
    assert found.ts == slack.posts[0]["ts"]


def test_a_connection_lost_before_slack_accepted_is_in_doubt_too_and_not_found(slack: FakeSlack) -> None:
    assert failure(slack, Trouble("drop")).fate_unknown
    assert sender(slack).find("UAMIRA", message().nudge_uid) is None


@pytest.mark.parametrize(("said", "seconds"), [("30", 30.0), ("", 60.0), ("soon", 60.0)])
def test_too_many_requests_says_how_long_to_wait_and_is_certainly_not_posted(
    slack: FakeSlack, said: str, seconds: float
) -> None:
    error = failure(slack, Trouble("status", status=429, error="ratelimited", retry_after=said))
    assert (error.retry_after, error.permanent, error.fate_unknown) == (seconds, False, False)
    assert slack.posts == []


def test_too_many_requests_said_inside_an_answer_is_understood_as_well(slack: FakeSlack) -> None:
    error = failure(slack, Trouble("refuse", error="ratelimited"))
    assert (error.retry_after, error.permanent) == (60.0, False)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_fault_of_slacks_is_in_doubt_and_never_sent_again_by_itself(slack: FakeSlack, status: int) -> None:
    error = failure(slack, Trouble("status", status=status, error="internal_error", accepts=True))
    assert (error.fate_unknown, error.permanent, error.retry_after) == (True, False, None)
    assert slack.calls.count("chat.postMessage") == 1


@pytest.mark.parametrize("code", ["internal_error", "fatal_error", "request_timeout"])
def test_an_answer_that_admits_half_done_work_is_in_doubt(slack: FakeSlack, code: str) -> None:
    error = failure(slack, Trouble("refuse", error=code))
    assert (error.fate_unknown, error.permanent, error.code) == (True, False, code)


@pytest.mark.parametrize("status", [200, 502])
def test_an_answer_that_is_no_answer_is_in_doubt_and_its_text_is_not_repeated(slack: FakeSlack, status: int) -> None:
    error = failure(slack, Trouble("garbage", status=status))
    assert error.fate_unknown
    told = "".join(traceback.format_exception(error))
    assert "unwell" not in told
    assert TOKEN not in told


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("channel_not_found", "services.yaml"),
        ("is_archived", "services.yaml"),
        ("invalid_auth", "HEARDBACK_SLACK_TOKEN"),
        ("token_revoked", "HEARDBACK_SLACK_TOKEN"),
        ("missing_scope", "HEARDBACK_SLACK_TOKEN"),
        ("msg_blocks_too_long", "digest_cap"),
    ],
)
def test_a_refusal_is_permanent_and_says_what_to_do(slack: FakeSlack, code: str, advice: str) -> None:
    error = failure(slack, Trouble("refuse", error=code))
    assert (error.permanent, error.fate_unknown, error.code) == (True, False, code)
    assert advice in error.do
    assert error.where == "chat.postMessage"


def test_a_wrong_token_is_refused_for_good(slack: FakeSlack) -> None:
    error = failure(slack, token="xoxb-of-somebody-else")  # noqa: S106
    assert (error.permanent, error.code, slack.posts) == (True, "invalid_auth", [])


def test_a_person_whom_slack_does_not_know_is_refused_for_good(slack: FakeSlack) -> None:
    error = failure(slack, address="UNOBODY")
    assert (error.permanent, error.code, error.where) == (True, "user_not_found", "conversations.open")


def test_a_failure_before_the_post_leaves_no_doubt_that_nothing_was_posted(slack: FakeSlack) -> None:
    error = failure(slack, Trouble("drop", method="conversations.open"))
    assert (error.fate_unknown, error.permanent) == (False, False)
    assert "chat.postMessage" not in slack.calls


def test_a_server_that_nobody_answers_at_is_certainly_not_posted_to() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(SendFailed) as caught:
        SlackSender(TOKEN, f"http://127.0.0.1:{port}/api/", 1).send(message(), "CBOARD")
    assert (caught.value.fate_unknown, caught.value.permanent, caught.value.code) == (False, False, "unreachable")


def test_when_the_history_is_down_nothing_is_known_and_nothing_is_none(slack: FakeSlack) -> None:
    slack.troubles.append(Trouble("status", method="conversations.history", status=503, error="service_unavailable"))
    with pytest.raises(SendFailed) as caught:
        sender(slack).find("CBOARD", "digest-2026-W01-00")
    assert not caught.value.permanent


def test_the_token_is_in_no_log_line_and_no_repr(slack: FakeSlack, caplog: pytest.LogCaptureFixture) -> None:
    slack.troubles.append(Trouble("garbage", status=502))
    with caplog.at_level(logging.DEBUG), suppress(SendFailed):
        sender(slack).send(message(), "UAMIRA")
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(sender(slack))
