"""What practitioners should know of the last six weeks: looked for each working day, written anew, posted once."""

from datetime import date, datetime

from prefect import flow, get_run_logger

from flows.binding import instant, task_of, today
from tasks.channels import check_posted
from tasks.practice import PracticeWritten, write_digest
from tasks.workplace import under_home


@flow(name="practice", persist_result=False)
def practice(as_of: date | None = None, out: str | None = None, at: datetime | None = None) -> PracticeWritten:
    """Write the digest of the last whole weeks before a day (today where none is given), under HEARDBACK_HOME."""
    when = instant(at)
    written = task_of(write_digest)(as_of or today(when), out or under_home("practice"), when)
    get_run_logger().info("the digest shows %d answers; %s", written.shown, written.told or "not posted")
    check_posted(
        written.told,
        "the practice digest",
        again="nothing: the next run tries it; look whether the channel's id is right",
    )
    return written
