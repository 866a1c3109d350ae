"""Long lists of ids in pieces that fit into one statement."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Value = TypeVar("Value")

AT_ONCE = 5_000  # both databases allow six times as many


def in_chunks(values: Sequence[Value], size: int = AT_ONCE) -> Iterator[Sequence[Value]]:
    """The values in their order, so many at a time."""
    return (values[start : start + size] for start in range(0, len(values), size))
