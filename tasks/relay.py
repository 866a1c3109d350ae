"""Events from the outbox to whoever listens: sent after the fact, and sent again if we die in between."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from heardback.store.outbox import mark_relayed, waiting
from heardback.store.session import reading, transaction
from tasks.step import step
from tasks.workplace import open_workplace


@dataclass(frozen=True)
class Notice:
    """One event as it goes out. However often it is sent its key is the same, so that it can be known again."""

    event_id: int
    key: str
    name: str
    resource: str
    payload: Mapping[str, Any]


Emit = Callable[[Sequence[Notice]], None]


@step(retries=2)
def relay_events(emit: Emit, at: datetime) -> int:
    """Hand every waiting event to `emit`, some hundreds at a time, and note each lot once taken; returns how many.

    What `emit` raises leaves its lot waiting for the next run.
    """
    with open_workplace() as work:
        relayed = 0
        while notices := _waiting(work.store):
            emit(notices)
            with transaction(work.store) as session:
                mark_relayed(session, [notice.event_id for notice in notices], at)
            relayed += len(notices)
        return relayed


def _waiting(store: Engine) -> list[Notice]:
    with reading(store) as session:
        return [
            Notice(
                event.event_id,
                f"{event.event_id} {event.at.isoformat()} {event.name} {event.resource}",
                event.name,
                event.resource,
                dict(event.payload),
            )
            for event in waiting(session)
        ]
