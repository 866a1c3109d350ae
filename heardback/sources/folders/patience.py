"""Waiting for an answer, but not for ever: some libraries have no end of their own to it."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Value = TypeVar("Value")


def in_time(act: Callable[[], Value], seconds: float) -> Value:
    """What `act` gives within so many seconds. Raises TimeoutError after them, and whatever `act` raises.

    What does not come back waits on in a thread that does not keep the process from its end.
    """
    answer: Future[Value] = Future()
    Thread(target=_fill, args=(answer, act), daemon=True).start()
    return answer.result(seconds)


def _fill(answer: Future[Value], act: Callable[[], Value]) -> None:
    try:
        answer.set_result(act())
    except BaseException as error:  # raised again where somebody waits for it
        answer.set_exception(error)
