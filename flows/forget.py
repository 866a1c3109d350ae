"""Forget what has been kept long enough: every night."""

from datetime import datetime

from prefect import flow, get_run_logger

from flows.binding import instant, task_of
from tasks.forget import Forgetting
from tasks.forget import forget as forget_what_is_due


@flow(name="forget", persist_result=False)
def forget(at: datetime | None = None) -> Forgetting:
    """Forget words, raw files and quarantined cells that the policy no longer keeps."""
    done = task_of(forget_what_is_due)(instant(at))
    get_run_logger().info(
        "forgotten: %d comments, %d files, %d rows", len(done.comments), len(done.raw_files), len(done.quarantined)
    )
    return done
