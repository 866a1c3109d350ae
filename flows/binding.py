"""Steps as Prefect tasks: the same function, its retries kept by Prefect and shown there."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.events import emit_event

from tasks.step import Step, is_worth_retrying

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
    )
    return bind(step.run)


async def _may_succeed_later(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    try:
        await state.aresult()
    except Exception as error:  # whatever it was: the step's own rule says whether it is worth another try
        return is_worth_retrying(error)
    return False


def emit(name: str, resource: str, payload: Mapping[str, Any]) -> None:
    """Hand one of our events to Prefect, whose automations start flows from it."""
    emit_event(name, resource={"prefect.resource.id": resource}, payload=dict(payload))


def instant(at: datetime | None) -> datetime:
    """The instant a flow works at: the one it was given, or now."""
    return at or datetime.now(UTC)
