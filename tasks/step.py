"""A step: plain Python with a retry policy beside it; `flows` hand it to Prefect, the command line just calls it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

from heardback.errors import DeliveryError, StoreError

P = ParamSpec("P")
R = TypeVar("R")


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
        return Step(run, retries, wait_seconds)

    return make


def is_worth_retrying(error: BaseException) -> bool:
    """Whether the same work may succeed a little later: a busy database, a network that failed for now."""
    return isinstance(error, StoreError) or (isinstance(error, DeliveryError) and not error.permanent)
