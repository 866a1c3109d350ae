"""Write the board pack: every month about the month before, and whenever somebody asks."""

from datetime import date, datetime, timedelta

from prefect import flow, get_run_logger

from flows.binding import emit, instant, task_of, today
from tasks.channels import check_posted
from tasks.relay import relay_events
from tasks.report import ReportWritten, write_report
from tasks.workplace import under_home


@flow(name="report", persist_result=False)
def report(
    month: str | None = None, as_of: date | None = None, out: str | None = None, at: datetime | None = None
) -> ReportWritten:
    """Write the pack of a month (YYYY-MM; the last whole one where none is given) as it was known on a day."""
    when = instant(at)
    day = as_of or today(when)
    written = task_of(write_report)(month or month_before(day), day, out or under_home("reports"), when)
    get_run_logger().info("%d files of the board pack", len(written.paths))
    task_of(relay_events)(emit, when)
    check_posted(
        written.told, "the board pack", again="heardback report once more: what was posted is not posted twice"
    )
    return written


def month_before(day: date) -> str:
    """The last month that was over on a day, as YYYY-MM."""
    return f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"
