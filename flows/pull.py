"""Pull every source, or those that are named: nightly, and whenever somebody asks."""

from datetime import datetime

from prefect import flow

from flows.binding import emit, instant, task_of
from flows.feeds import pull_each
from tasks.pull import SourceReport, check_landed, pull_source, source_ids
from tasks.relay import relay_events


@flow(name="pull", persist_result=False)
def pull(sources: list[str] | None = None, at: datetime | None = None) -> list[SourceReport]:
    """Pull sources one after another; the run fails at its end where one of them did, and the others have landed."""
    when = instant(at)
    reports = pull_each(pull_source, sources or source_ids(), when)
    task_of(relay_events)(emit, when)
    check_landed(reports, again="heardback pull")
    return reports
