"""A step: plain Python with a retry policy beside it; `flows` hand it to Prefect, the command line just calls it."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Generic, ParamSpec, TypeVar

from heardback.errors import DeliveryError, HeardbackError, SourceUnavailable, StoreError

P = ParamSpec("P")
R = TypeVar("R")


class Fault(Exception):
    """A mistake in Heardback itself, told by its kind and its place: a library's own text may quote a child (G6)."""


@dataclass(frozen=True)
class Step(Generic[P, R]):
    """One piece of work: one transaction, and what to do when it fails."""

    run: Callable[P, R]
    retries: int
    wait_seconds: int

    @property
    def name(self) -> str:
        """The name it goes by in Prefect."""
        return self.run.__name__.replace("_", "-")

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Do it now, once."""
        return self.run(*args, **kwargs)


def step(*, retries: int = 0, wait_seconds: int = 10) -> Callable[[Callable[P, R]], Step[P, R]]:
    """Make a function a step."""

    def make(run: Callable[P, R]) -> Step[P, R]:
        return Step(_without_words(run), retries, wait_seconds)

    return make


def _without_words(run: Callable[P, R]) -> Callable[P, R]:
    """The same function; nothing that it raises quotes a value it was working on. The traceback holds code alone."""

    @wraps(run)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return run(*args, **kwargs)
        except HeardbackError as error:
            raise error from None
        except Exception as error:
            raise Fault(_kind_and_place(error)).with_traceback(error.__traceback__) from None

    return told


def _kind_and_place(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}, {last.filename}:{last.lineno}"


def is_worth_retrying(error: BaseException) -> bool:
    """Whether the same work may succeed a little later: a busy database, a network that failed for now."""
    outside = isinstance(error, (DeliveryError, SourceUnavailable)) and not error.permanent
    return isinstance(error, StoreError) or outside
