"""Write the board pack: every month, and whenever somebody asks."""

from datetime import date, datetime

from prefect import flow, get_run_logger

from flows.binding import emit, instant, task_of
from tasks.relay import relay_events
from tasks.report import ReportWritten, write_report


@flow(name="report")
def report(
    month: str, as_of: date | None = None, out: str = "var/reports", at: datetime | None = None
) -> ReportWritten:
    """Write the pack of a month as it was known on a day, today where none is given."""
    when = instant(at)
    written = task_of(write_report)(month, as_of or when.date(), out, when)
    get_run_logger().info("the pack of %s: %d files", month, len(written.paths))
    task_of(relay_events)(emit, when)
    return written
