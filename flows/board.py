"""Write the public You Said, We Did board: every night, so that what was flagged since is gone from it."""

from datetime import date

from prefect import flow, get_run_logger

from flows.binding import instant, task_of, today
from tasks.board import BoardWritten, write_public_board
from tasks.workplace import under_home


@flow(name="board", persist_result=False)
def board(as_of: date | None = None, out: str | None = None) -> BoardWritten:
    """Write the board as it stood on a day (today where none is given), under HEARDBACK_HOME where no folder is."""
    written = task_of(write_public_board)(as_of or today(instant(None)), out or under_home("board"))
    get_run_logger().info("the board shows %d answers and keeps %d off", written.shown, len(written.refused))
    return written
