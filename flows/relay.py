"""Hand over the events that nobody has handed over yet, such as those of the command line: every five minutes."""

from datetime import datetime

from prefect import flow, get_run_logger

from flows.binding import emit, instant, task_of
from tasks.relay import relay_events


@flow(name="relay", persist_result=False)
def relay(at: datetime | None = None) -> int:
    """Relay what waits in the outbox; returns how many events there were."""
    relayed = task_of(relay_events)(emit, instant(at))
    get_run_logger().info("%d events", relayed)
    return relayed
