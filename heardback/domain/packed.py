"""The cells of a large file, packed: what is asked for is unpacked, and let go of again."""

import json
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import pandas as pd

AT_ONCE = 20_000  # rows that are read, mapped, screened, written and opened loops for at a time
QUICKEST = 1  # of zlib's levels: the best of them saves a fifth more, and takes five times as long
AS_READ = "surrogatepass"  # whatever was read is given back, also what is no character


@dataclass(frozen=True)
class _Part:
    numbers: pd.Index
    cells: Mapping[str, bytes]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Self:
        return cls(frame.index, {str(column): _pack(cells.tolist()) for column, cells in frame.items()})

    def frame(self, columns: Sequence[str]) -> pd.DataFrame:
        cells = {column: pd.array(_unpack(self.cells[column]), dtype="str") for column in columns}
        return pd.DataFrame(cells, index=self.numbers, copy=False)


class Packed:
    """Rows of text by row number, as a DataFrame has them, in parts of some thousand.

    A row of 150 bytes takes about 50 where Python's strings take 350. The newest part stands as it is until another
    follows, so a small file is never packed; what a packed part costs is a microsecond or two a row, each time.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = list(columns)
        self._packed: list[_Part] = []
        nothing = {column: pd.array([], dtype="str") for column in columns}
        self._newest = pd.DataFrame(nothing, index=pd.Index([], dtype="int64"))

    def add(self, frame: pd.DataFrame) -> None:
        """More rows, below the others; the columns are the same."""
        if len(self._newest):
            self._packed.append(_Part.of(self._newest))
        self._newest = frame

    def __len__(self) -> int:
        return sum(len(part.numbers) for part in self._packed) + len(self._newest)

    @property
    def numbers(self) -> pd.Index:
        """The row numbers of all its rows."""
        first, *rest = [*(part.numbers for part in self._packed), self._newest.index]
        return first.append(rest)

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """These columns, part by part; one part without a row where there is none."""
        for part in self._packed:
            yield part.frame(columns)
        yield self._newest[list(columns)]

    def without(self, columns: Collection[str]) -> "Packed":
        """The same but for some columns."""
        kept = Packed([column for column in self.columns if column not in columns])
        for part in self.parts(kept.columns):
            kept.add(part)
        return kept


def _pack(cells: list[str]) -> bytes:
    return zlib.compress(json.dumps(cells, ensure_ascii=False).encode("utf-8", AS_READ), QUICKEST)


def _unpack(column: bytes) -> list[str]:
    cells: list[str] = json.loads(zlib.decompress(column).decode("utf-8", AS_READ))
    return cells
