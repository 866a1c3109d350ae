"""How long the monthly pack takes, and how much memory, at 10,000, 100,000 and 1,000,000 loops of history."""

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
FIRST, AS_OF, MONTH = date(2025, 7, 1), date(2026, 10, 10), "2026-09"
SERVICES = ("yjs", "youth", "family_hubs", "social_care", "cla", "care_leavers", "cwd", "connexions", "police")
AT = "2026-10-01 00:00:00.000000"
BATCH = 100_000


def main() -> None:
    """Each size in a process of its own, so that its peak memory is its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loops", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--only", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        measure(Path(options.only))
        return
    for loops in options.loops:
        with tempfile.TemporaryDirectory() as folder:
            started = time.monotonic()
            moves = generate(Path(folder), loops)
            say(f"{loops:>9} loops, {moves} moves, written in {time.monotonic() - started:.0f} s")
            subprocess.run([sys.executable, __file__, "--only", folder], check=True)  # noqa: S603  ours


def say(words: str) -> None:
    """A line at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def measure(folder: Path) -> None:
    """One pack: seconds of the clock and of the processor, and the peak of memory."""
    import os

    os.environ |= {
        "HEARDBACK_HOME": str(folder / "home"),
        "HEARDBACK_CONFIG": str(ROOT / "config"),
        "HEARDBACK_DATABASE_URL": f"sqlite:///{folder / 'heardback.db'}",
    }
    from tasks.report import write_report

    started, worked = time.monotonic(), time.process_time()
    written = write_report(MONTH, AS_OF, str(folder / "out"), datetime(2026, 10, 10, 9, tzinfo=UTC))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    clock, processor = time.monotonic() - started, time.process_time() - worked
    say(f"          pack in {clock:.1f} s ({processor:.1f} s of the processor), peak {peak:.0f} MB")
    say(f"          {written.sentence}")


def generate(folder: Path, loops: int) -> int:
    """A made-up history: a loop a comment, most decided, told and agreed in time, some reopened or refused."""
    from heardback.store.session import open_store

    path = folder / "heardback.db"
    open_store(f"sqlite:///{path}").dispose()
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA journal_mode = MEMORY")
    database.execute("DROP TRIGGER history_no_replace")  # it looks every row up before it is inserted
    random, moves = np.random.default_rng(1), 0
    database.execute("BEGIN")
    for start in range(0, loops, BATCH):
        moves += write_batch(database, random, start, min(BATCH, loops - start), moves)
    database.execute("COMMIT")
    database.close()
    return moves


def write_batch(database: sqlite3.Connection, random: np.random.Generator, start: int, size: int, moves: int) -> int:
    """So many loops from one number on; returns how many moves they made."""
    heard = random.integers(0, (AS_OF - FIRST).days, size)
    service, band = random.integers(0, len(SERVICES), size), random.integers(0, 4, size)
    waits = random.geometric(0.06, (size, 3))
    far = random.random((size, 4))
    days = [str(FIRST + timedelta(days=day)) for day in range(1200)]
    bands = [json.dumps({"age_band": name}) for name in ("", "8-11", "12-15", "16-18")]
    last = (AS_OF - FIRST).days
    history: list[tuple[object, ...]] = []
    loops, answers = [], []
    for i in range(size):
        uid, day, code = f"L-{start + i:07d}", int(heard[i]), SERVICES[service[i]]
        for move, to_state, on, details in moves_of(day, waits[i], far[i], last, days):
            number = moves + len(history) + 1
            version = len(history)
            history.append((number, uid, version, move, "", to_state, "x", "system", AT, on, "", details, "", ""))
        loops.append((uid, code, "exit_questionnaire", "heard", 1, 1, days[day], days[day], days[day]))
        answers.append((f"r{start + i:07d}", code, days[day], bands[band[i]], f"c{start + i:07d}", uid))
    insert(database, history, loops, answers)
    return len(history)


def moves_of(
    day: int, waits: np.ndarray, far: np.ndarray, last: int, days: list[str]
) -> list[tuple[str, str, str, str]]:
    """The moves of one loop, none after the last day."""
    owned, decided, told = (day + int(part) for part in np.cumsum(waits))
    outcome = "cannot" if far[0] < 0.1 else "will" if far[0] < 0.2 else "done"
    change = "log:1" if far[2] < 0.3 else ""
    answer = {"outcome": outcome, "wording": "We mended the door of the hall.", "change": change}
    answer |= {"by_date": days[min(decided + 60, 1199)]} if outcome == "will" else {}
    steps = [("open", "heard", day, "{}"), ("own", "owned", owned, '{"owner": "okafor"}')]
    if far[1] < 0.85:
        steps.append(("decide", "decided", decided, json.dumps(answer)))
        steps.append(("tell", "told", told, '{"how": "board", "where": "Hall"}'))
    if far[1] < 0.3:
        steps.append(("agree", "agreed", told, "{}"))
    if far[1] < 0.03:
        steps.append(("reopen", "reopened", told + 5, "{}"))
    return [(move, state, days[on], details) for move, state, on, details in steps if on <= last]


LOOP = """INSERT INTO loop (loop_uid, service_code, channel, state, version, voices, heard_from, heard_to, moved_on,
title, owner, change_uid, outcome, wording, kept_from_service, paused_before)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', '', '', 0, 0)"""
RESPONSE = """INSERT INTO response (response_uid, source_id, tool, source_record_id, channel, completed_by,
date_precision, received_at, heard_on, service_code, completion, consent_to_publish, language, form_version,
revision, content_hash,
deletion_code, characteristics) VALUES (?, 'yjs-exit', 'limesurvey', '', 'exit_questionnaire', 'self', 'day',
'2026-10-01 00:00:00.000000', ?, ?, 'complete', 'yes', 'en', '', 1, '', '', ?)"""
COMMENT = """INSERT INTO comment (comment_uid, response_uid, question_code, question_text, repeat_index, text,
fingerprint, verdict, priority, screening_version, reasons, identifying, written_in)
VALUES (?, ?, '', '', 0, '', '', 'clear', 0, '', '[]', '[]', '')"""
MEMBERSHIP = "INSERT INTO membership (comment_uid, loop_uid, joined_on) VALUES (?, ?, ?)"
HISTORY = """INSERT INTO history (sequence, loop_uid, version, move, from_state, to_state, actor, role, at, on_date,
reason, details, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


def insert(database: sqlite3.Connection, history: list, loops: list, answers: list) -> None:
    """Straight into the tables."""
    database.executemany(LOOP, loops)
    database.executemany(RESPONSE, [(uid, day, code, bands) for uid, code, day, bands, _, _ in answers])
    database.executemany(COMMENT, [(comment, uid) for uid, _, _, _, comment, _ in answers])
    database.executemany(MEMBERSHIP, [(comment, loop, day) for _, _, day, _, comment, loop in answers])
    database.executemany(HISTORY, history)


if __name__ == "__main__":
    main()
