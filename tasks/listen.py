"""A process that stands ready: presses from Slack as they come, and safeguarding alerts each minute."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event
from time import time
from typing import TYPE_CHECKING, Any

from heardback.errors import ConfigurationError, HeardbackError, SendFailed
from heardback.messages.listening import Worker, actions_app, blank_app, socket_client
from heardback.messages.message import Receipt
from heardback.messages.slack import SlackSender
from heardback.messages.web import Site
from tasks.alert import alert
from tasks.press import Answer, answer_press
from tasks.rewrite import rewrite_messages
from tasks.step import step
from tasks.web import add_pages
from tasks.workplace import open_workplace

if TYPE_CHECKING:
    from fastapi import FastAPI

log = logging.getLogger("heardback.listen")
BETWEEN_LOOKS = 60.0  # seconds
Clock = Callable[[], datetime]


def our_clock() -> datetime:
    """Now."""
    return datetime.now(UTC)


@step(retries=2)
def work_on(payload: Mapping[str, Any], clock: Clock = our_clock) -> Answer | None:
    """Do what a press asks for, tell whoever pressed, write its loop's messages anew; Slack can undo nothing."""
    answer = answer_press(payload, clock())
    if answer is None:
        return None
    with open_workplace() as work:
        slack = SlackSender(work.settings.slack_token, work.settings.slack_url)
        try:
            if answer.form:
                slack.open_form(answer.trigger, answer.form)
            elif answer.text and answer.place[0]:
                slack.whisper(answer.place[0], answer.user, answer.text)
        except SendFailed as failure:
            log.warning("an answer could not be shown: %s", failure.code)
    if answer.refreshes:
        rewrite_messages.run(clock(), answer.refreshes, Receipt(*answer.place))
    return answer


def watch(stop: Event, clock: Clock = our_clock, between: float = BETWEEN_LOOKS) -> None:
    """Send alerts as they fall due and write messages anew, until told to stop.

    What goes wrong is told by its kind and tried again.
    """
    while not stop.is_set():
        for what, do in (("alerts could not be sent", alert), ("messages could not be written anew", rewrite_messages)):
            try:
                do(clock())
            except HeardbackError as error:
                log.error("%s: %s", what, type(error).__name__)
        stop.wait(between)


@contextmanager
def listening(clock: Clock = our_clock) -> Iterator[None]:
    """Listen by Socket Mode until the block ends. Raises ConfigurationError where a token is missing."""
    with open_workplace() as work:
        settings = work.settings
    missing = [f"{name}: not set" for name, value in (("HEARDBACK_SLACK_TOKEN", settings.slack_token),
               ("HEARDBACK_SLACK_APP_TOKEN", settings.slack_app_token)) if not value]  # fmt: skip
    if missing:
        raise ConfigurationError(missing)
    worker = Worker(lambda payload: _handle(payload, clock))
    client = socket_client(settings.slack_app_token, settings.slack_token, worker, settings.slack_url)
    client.connect()
    try:
        yield
    finally:
        client.close()
        worker.close()


def web_app(clock: Clock = our_clock, seconds: Callable[[], float] = time) -> "tuple[FastAPI, Worker]":
    """The HTTP endpoint (Slack's requests, pages for people without Slack, or both) and the worker behind it.

    Raises ConfigurationError where nothing is set for either.
    """
    with open_workplace() as work:
        secret, address = work.settings.slack_signing_secret, work.council.policy.link_base
        has_pages, council = bool(address and work.settings.link_key), work.council.directory.council
    if not (secret or has_pages):
        raise ConfigurationError(
            [
                "HEARDBACK_SLACK_SIGNING_SECRET: not set, so no request of Slack's could be trusted",
                "HEARDBACK_SECRET_LINK_KEY or link_base in policy.yaml: not set, so there are no pages either",
            ]
        )
    worker = Worker(lambda payload: _handle(payload, clock))
    app = actions_app(secret, worker, seconds) if secret else blank_app()
    if has_pages:
        add_pages(app, Site(address), council, clock, lambda loop: worker.later(lambda: _rewrite(loop, clock)))
    return app, worker


def listen_by_socket(stop: Event) -> None:
    """Until told to stop."""
    with listening():
        watch(stop)


def listen_by_http(host: str, port: int, stop: Event) -> None:
    """Until told to stop; one process, and alerts beside it."""
    from threading import Thread

    import uvicorn

    app, worker = web_app()
    beside = Thread(target=watch, args=(stop,), daemon=True)
    beside.start()
    try:
        uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, server_header=False)
    finally:
        stop.set()
        worker.close()


def _rewrite(loop_uid: str, clock: Clock) -> None:
    rewrite_messages.run(clock(), [loop_uid])


def _handle(payload: Mapping[str, Any], clock: Clock) -> None:
    work_on(payload, clock)
