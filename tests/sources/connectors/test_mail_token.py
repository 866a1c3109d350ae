"""A mailbox that takes no password (Microsoft 365): a token is asked for with an app's secret, and shown to it."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

import pytest

from heardback.errors import SourceUnavailable
from heardback.sources.connectors import connection_faults, drops_of
from tests.sources.connectors.asking import asking_of
from tests.sources.connectors.http_tool import Answer, HttpTool, Question
from tests.sources.connectors.mailbox_server import USER, Mailbox, serving

APP_SECRET, TOKEN = "app~s3cret", "eyJ0eXAiOiJKV1Qi.made-up"
SECRET = "HEARDBACK_SECRET_APP"  # noqa: S105 - a name
LOCAL = frozenset({"localhost"})
MAIL = b"From: Jo <jo@home.example>\nMessage-ID: <1@home>\nSubject: Visit\n\nThe waiting room is freezing\n"


class Directory(HttpTool):
    """Microsoft's way to give tokens (RFC 6749, 4.4): a form in, JSON out, 401 and 400 where something is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.gives: Any = {"token_type": "Bearer", "expires_in": 3599, "access_token": TOKEN}

    def knows(self, question: Question) -> bool:
        return dict(parse_qsl(question.body.decode()))["client_secret"] == APP_SECRET

    def answer(self, question: Question) -> Answer:
        form = dict(parse_qsl(question.body.decode()))
        if question.method != "POST" or question.headers["Content-Type"] != "application/x-www-form-urlencoded":
            return Answer({"error": "invalid_request"}, 400)
        if not form["scope"].endswith("/.default") or form["grant_type"] != "client_credentials":
            return Answer({"error": "invalid_scope", "error_description": f"{APP_SECRET}"}, 400)
        return Answer(self.gives)


@pytest.fixture
def directory() -> Iterator[Directory]:
    with Directory() as found:
        yield found


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with serving(token=TOKEN) as box:
        box.inbox.add(MAIL)
        yield box


def connection(box: Mailbox, directory: Directory, **more: str) -> dict[str, str]:
    plain = {key: value for key, value in box.connect.items() if key != "password"}
    app = {"token_url": f"{directory.address}/tenant/oauth2/v2.0/token", "client_id": "app", "client_secret": SECRET}
    return {"to": "mailbox", **plain, **app, "messages": "yes", **more}


def letters(connect: Mapping[str, str], secret: str = APP_SECRET, private: frozenset[str] = LOCAL) -> list[Any]:
    return list(drops_of(asking_of(connect, {SECRET: secret}, private_hosts=private, wait=lambda _seconds: None)))


def refusal(connect: Mapping[str, str], **more: Any) -> SourceUnavailable:
    with pytest.raises(SourceUnavailable) as refused:
        letters(connect, **more)
    assert SECRET in refused.value.do
    assert not {APP_SECRET, TOKEN} & {*str(refused.value).split(), *refused.value.where.split()}
    assert APP_SECRET not in str(refused.value)
    assert TOKEN not in str(refused.value)
    assert refused.value.permanent
    assert refused.value.__suppress_context__
    return refused.value


def test_mails_come_with_a_token_where_no_password_is_taken(box: Mailbox, directory: Directory) -> None:
    assert [letter.content for letter in letters(connection(box, directory))] == [MAIL]
    (asked,) = directory.asked
    assert asked.path == "/tenant/oauth2/v2.0/token"
    assert dict(parse_qsl(asked.body.decode())) == {
        "grant_type": "client_credentials", "client_id": "app", "client_secret": APP_SECRET,
        "scope": "https://outlook.office365.com/.default",
    }  # fmt: skip
    assert box.changes == []


def test_a_token_that_the_mailbox_does_not_take_names_what_to_look_at(box: Mailbox, directory: Directory) -> None:
    directory.gives = {"access_token": "of-another-mailbox"}
    told = refusal(connection(box, directory))
    assert (told.what, told.where) == ("the server does not let us in", "INBOX at localhost")
    assert "IMAP.AccessAsApp" in told.do
    assert USER not in str(told)
    assert box.changes == []


@pytest.mark.parametrize(("more", "secret"), [({}, "run-out"), ({"scope": "mail"}, APP_SECRET)])
def test_a_token_that_is_not_given_is_told_from_a_mailbox_that_refuses(
    box: Mailbox, directory: Directory, more: dict[str, str], secret: str
) -> None:
    told = refusal(connection(box, directory, **more), secret=secret)
    assert told.what.startswith("no token for the mailbox")
    assert box.asked == []


@pytest.mark.parametrize(
    "gives", [{}, {"access_token": None}, {"access_token": "tök"}, {"error": "invalid_client"}, [TOKEN], b"<html>"]
)
def test_an_answer_without_a_token_is_none(box: Mailbox, directory: Directory, gives: Any) -> None:
    directory.gives = gives
    with pytest.raises(SourceUnavailable):
        letters(connection(box, directory))
    assert box.asked == []


def test_tokens_are_asked_for_at_public_hosts_and_over_https_alone(box: Mailbox, directory: Directory) -> None:
    with pytest.raises(SourceUnavailable, match="not https"):
        letters({**connection(box, directory), "security": "tls"}, private=frozenset())
    assert directory.asked == []


def test_a_directory_that_is_busy_is_asked_again_at_the_next_pull(box: Mailbox, directory: Directory) -> None:
    directory.misbehave("broken")
    with pytest.raises(SourceUnavailable) as refused:
        letters(connection(box, directory))
    assert not refused.value.permanent


@pytest.mark.parametrize("taken_out", ["client_id", "client_secret", "token_url"])
def test_half_an_app_is_a_fault_of_the_map(box: Mailbox, directory: Directory, taken_out: str) -> None:
    connect = connection(box, directory)
    assert connection_faults(connect) == []
    del connect[taken_out]
    assert "token_url" in connection_faults(connect)[0][1]


def test_a_password_beside_an_app_is_a_fault_and_so_is_neither(box: Mailbox, directory: Directory) -> None:
    assert connection_faults(connection(box, directory, password=SECRET))
    assert connection_faults({"to": "mailbox", "host": "mail.example", "user": "a", "messages": "yes"})
