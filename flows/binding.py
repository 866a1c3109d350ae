"""What flows share: steps as Prefect tasks, events handed to Prefect's server, and the instant a run works at."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, ParamSpec, TypeVar
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

from httpx import HTTPError
from prefect import Task, get_client, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.events.schemas.events import Event
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from tasks.failures import DeliveryError
from tasks.relay import Notice
from tasks.step import Step, is_worth_retrying

LONDON = ZoneInfo("Europe/London")
P = ParamSpec("P")
R = TypeVar("R")


def task_of(step: Step[P, R]) -> Task[P, R]:
    """The Prefect task of a step. Results stay in memory: nothing of them is written to Prefect's storage."""
    bind = task(
        name=step.name,
        retries=step.retries,
        retry_delay_seconds=step.wait_seconds,
        retry_condition_fn=_may_succeed_later,
        persist_result=False,
        cache_policy=NO_CACHE,  # the same source at the same instant is worth looking at again
    )
    return bind(step.run)


async def _may_succeed_later(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    try:
        await state.aresult()
    except Exception as error:  # whatever it was: the step's own rule says whether it is worth another try
        return is_worth_retrying(error)
    return False


def emit(notices: Sequence[Notice]) -> None:
    """Hand our events to Prefect's server, whose automations start flows from them; an event sent twice counts once.

    Raises DeliveryError where the server did not take them. (Prefect's own `emit_event` queues them in the background
    and loses them without a word when the server has gone.)
    """
    events = [
        Event(
            id=uuid5(NAMESPACE_OID, notice.key),
            event=notice.name,
            resource={"prefect.resource.id": notice.resource},
            payload=dict(notice.payload),
        )
        for notice in notices
    ]
    try:
        with get_client(sync_client=True) as client:
            client.request("POST", "/events", json=[event.model_dump(mode="json") for event in events])
    except HTTPError as error:
        raise DeliveryError(
            f"{len(events)} events could not be handed over ({type(error).__name__}); they wait in the outbox",
            where="Prefect's server",
            do="nothing: the next run of any flow hands them over; if it stays so, look whether the server is up",
        ) from None


def instant(at: datetime | None) -> datetime:
    """The instant a flow works at: the one it was given, or now."""
    return at or datetime.now(UTC)


def today(when: datetime) -> date:
    """The day that it is in London at an instant."""
    return when.astimezone(LONDON).date()


@contextmanager
def without_heartbeats() -> Iterator[None]:
    """Flow runs that tell no server every half minute that they live: each saves a second, and none outlives us."""
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield
