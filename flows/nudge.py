"""Press the owners who have not moved: every half hour of the working day, one digest a week each."""

from datetime import datetime

from prefect import flow, get_run_logger

from flows.binding import emit, instant, task_of
from tasks.nudge import NudgeReport
from tasks.nudge import nudge as send_nudges
from tasks.overdue import note_overdue
from tasks.relay import relay_events


@flow(name="nudge", persist_result=False)
def nudge(at: datetime | None = None) -> NudgeReport:
    """Send what is due; what failed is tried again by the next run."""
    when = instant(at)
    report = task_of(send_nudges)(when)
    task_of(note_overdue)(when)
    get_run_logger().info(
        "%d sent, %d failed, %d on the exception list", len(report.sent), len(report.failed), len(report.exceptions)
    )
    task_of(relay_events)(emit, when)
    return report
