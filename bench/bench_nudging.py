"""Deciding digests: 10,000 open loops of 200 owners, beside histories of different length.

    python bench/bench_nudging.py

The aim: under 5 s and under 400 MB, and a cost that follows the loops that are due and not what was answered before.
Measured on SQLite, each figure in a process of its own: reading what is owed, deadlines, and the plan of one window.
"""

import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import insert

from config.council import Council
from config.directory import Directory, Person, Service
from config.policy import Policy
from heardback.domain.deadlines import england
from heardback.domain.nudging.plan import plan_nudges
from heardback.store import Loop
from heardback.store.session import open_store, reading, transaction
from tasks.due import loops_owed

AT = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
OWNERS, OPEN_LOOPS = 200, 10_000


def directory() -> Directory:
    """Two hundred services, each with an owner, a deputy and a head."""
    people = {
        f"p{number}": Person(name=f"Person {number}", role="", email=f"p{number}@bench.example")
        for number in range(OWNERS)
    }
    services = tuple(
        Service(code=f"s{number}", name=f"Service {number}", owner=f"p{number}",
                deputy=f"p{(number + 1) % OWNERS}", head=f"p{(number + 2) % OWNERS}")
        for number in range(OWNERS)
    )  # fmt: skip
    return Directory(council="Bench", people=people, services=services, safeguarding_lead="p0",
                     safeguarding_deputy="p1", fallback_owner="p2")  # fmt: skip


def rows(count: int, *, answered: bool, first: int = 0) -> list[dict[str, object]]:
    """Loops as the ledger leaves them, heard on the days of a quarter."""
    blank = {"title": "", "owner": "", "owned_on": None, "change_uid": "", "outcome": "", "wording": "",
             "decided_on": None, "promise_by": None, "promise_kept_on": None, "told_on": None, "agreed_on": None,
             "snoozed_until": None, "paused_since": None, "paused_until": None, "paused_before": 0,
             "chased_until": None, "kept_from_service": False, "matched_at": None, "version": 1, "voices": 1,
             "channel": "feedback_box"}  # fmt: skip
    made = []
    for number in range(first, first + count):
        heard = date(2026, 8, 1) + timedelta(days=number % 100)
        told = {"state": "told", "outcome": "done", "decided_on": heard, "told_on": heard} if answered else {}
        made.append(
            blank
            | {"loop_uid": f"{'A' if answered else 'L'}-{number:06d}", "service_code": f"s{number % OWNERS}",
               "state": "heard", "heard_from": heard, "heard_to": heard, "moved_on": heard}
            | told
        )  # fmt: skip
    return made


def measure(open_loops: int, history: int, queue: object) -> None:
    """One figure: seconds and peak megabytes for deciding one window."""
    with tempfile.TemporaryDirectory() as place:
        store = open_store(f"sqlite:///{place}/bench.db")
        with transaction(store) as session:
            session.execute(insert(Loop), rows(open_loops, answered=False))
            for start in range(0, history, 5_000):  # in small lots, so that the peak is not that of making them up
                session.execute(insert(Loop), rows(min(5_000, history - start), answered=True, first=start))
        council = Council.__new__(Council)
        object.__setattr__(council, "directory", directory())
        object.__setattr__(council, "policy", Policy())
        england()
        begun, ours = time.perf_counter(), time.process_time()
        with reading(store) as session:
            loops = loops_owed(session, council, AT, england())
        plan = plan_nudges(loops, council.directory, council.policy.nudge, england(), AT)
        taken, ours = time.perf_counter() - begun, time.process_time() - ours
        store.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    queue.put((taken, ours, peak, len(plan.digests), len(plan.explanations)))  # type: ignore[attr-defined]


def main() -> None:
    """Print a line for each size."""
    context = get_context("spawn")
    for open_loops, history in ((OPEN_LOOPS, 0), (OPEN_LOOPS, 100_000), (1_000, 100_000), (1_000, 0)):
        queue = context.Queue()
        process = context.Process(target=measure, args=(open_loops, history, queue))
        process.start()
        taken, ours, peak, digests, explained = queue.get()
        process.join()
        sys.stdout.write(
            f"{open_loops:>6} open, {history:>7} answered: {taken:5.2f} s ({ours:.2f} s of a core), "
            f"peak {peak:.0f} MB, {digests} digests, {explained} explained\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
