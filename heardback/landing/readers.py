"""Processes that read the comments of a large file, while the one that started them maps, writes and opens loops."""

import ctypes
import gc
import logging
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread
from typing import IO, TypeVar, cast

import pandas as pd

from heardback.landing.reading import Reading

LARGE = 20_000  # rows: a reader takes two seconds to be ready, in which this process reads 6,000 comments
MOST = 2  # readers: these are faster than this process is with the rest
PIECE = 1_000  # texts at a time, a third of a second
PATIENCE = 60  # seconds for a piece before it is read here
WHEN_PARENT_DIES = 1  # PR_SET_PDEATHSIG, to prctl
# What a reader gets of the environment: no address of a database, no key and no password.
ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "PYTHONHOME")
log = logging.getLogger("heardback.pull")

Made = TypeVar("Made")
Answer = Future[pd.DataFrame]
Piece = tuple[Answer, pd.Series]


class Readers:
    """Reads as a Reading does, in processes beside this one, which each take the next piece that is waiting.

    What none has come to when it is needed is read here, and so is what one had taken that died. A reader has no
    database, no file and no network; it keeps nothing, prints nothing, and ends when this process does, however that
    ends: its questions then end too.
    """

    def __init__(self, reading: Reading, count: int) -> None:
        self._reading = reading
        self._waiting: SimpleQueue[Piece | None] = SimpleQueue()
        self._processes = [process for _ in range(count) if (process := _start())]
        self._threads = [Thread(target=self._serve, args=(process,), daemon=True) for process in self._processes]
        for thread in self._threads:
            thread.start()

    def begin(self, texts: pd.Series) -> Callable[[], pd.DataFrame]:
        """Have texts read; what is returned waits for them, and gives what `Reading.of` says."""
        pieces = [(Answer(), texts.iloc[start : start + PIECE]) for start in range(0, max(len(texts), 1), PIECE)]
        for piece in pieces:
            self._waiting.put(piece)
        return partial(self._collect, pieces)

    def ahead(self, parts: Iterator[Made]) -> Iterator[Made]:
        """Each part once the one after it is made too, which is read while this one is written."""
        made = next(parts, None)
        while made is not None:
            behind, made = made, next(parts, None)
            yield behind

    def stop(self) -> None:
        """End the readers, whatever they are at."""
        for process in self._processes:
            process.kill()
            self._waiting.put(None)
        for process, thread in zip(self._processes, self._threads, strict=True):
            thread.join()
            process.communicate()  # closes its pipes, and waits for it

    def _collect(self, pieces: Sequence[Piece]) -> pd.DataFrame:
        """From the last one on: the readers are coming to those before it."""
        read = [self._read(*piece) for piece in reversed(pieces)]
        return pd.concat(reversed(read))

    def _read(self, answer: Answer, texts: pd.Series) -> pd.DataFrame:
        if not answer.cancel():
            try:
                return answer.result(PATIENCE)
            except OSError:
                log.warning("a reader ended or was too slow: %d comments are read without it", len(texts))
        return self._reading.of(texts)

    def _serve(self, process: Popen[bytes]) -> None:
        """Hand a reader piece after piece, until there are no more or it has died."""
        asked, told = cast("tuple[IO[bytes], IO[bytes]]", (process.stdin, process.stdout))
        answer = Answer()
        try:
            _send(asked, self._reading)
            while piece := self._waiting.get():
                answer, texts = piece
                if answer.set_running_or_notify_cancel():
                    _send(asked, texts)
                    answer.set_result(pickle.load(told))  # noqa: S301  (from a process of our own)
        except Exception:  # what half a pickle raises is not listed
            answer.set_exception(ConnectionError())


@contextmanager
def reading_beside(reading: Reading, rows: int) -> Iterator[Reading | Readers]:
    """Readers for a file of so many rows; the reading itself where it is not large, or where no core is free."""
    count = how_many(rows, _cores())
    if not count:
        yield reading
        return
    readers = Readers(reading, count)
    try:
        yield readers
    finally:
        readers.stop()


def how_many(rows: int, cores: int) -> int:
    """How many readers a file of so many rows has: none where it is not large, nor where this process has one core."""
    return min(cores - 1, MOST) if rows > LARGE else 0


def _cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start() -> Popen[bytes] | None:
    """A reader, or none where the machine allows no other process."""
    places = os.pathsep.join(place or str(Path.cwd()) for place in sys.path)
    known = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    alone = {"PYTHONPATH": places, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-P", "-m", "heardback.landing.readers"]
    try:
        # What fails is told by its end alone: a trace may quote what was being read.
        return Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=known | alone)  # noqa: S603
    except OSError as error:
        log.warning("no reader could be started (%s): all is read without it", type(error).__name__)
        return None


def _send(pipe: IO[bytes], what: object) -> None:
    pickle.dump(what, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def serve(asked: IO[bytes], told: IO[bytes]) -> None:
    """What a reader does: it takes how to read, then texts, and answers each, until nobody asks any more."""
    reading: Reading = pickle.load(asked)  # noqa: S301  (from the process that started this one)
    reading.of(pd.Series(["Made ready before it is needed."]))
    gc.freeze()
    with suppress(EOFError):
        while True:
            _send(told, reading.of(pickle.load(asked)))  # noqa: S301


def end_with_parent() -> None:
    """Have Linux end this process with the one that started it; elsewhere one that is stopped waits to be continued."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(WHEN_PARENT_DIES, signal.SIGKILL)


if __name__ == "__main__":
    end_with_parent()
    serve(sys.stdin.buffer, sys.stdout.buffer)
