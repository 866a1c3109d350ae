"""What Python's garbage collector need not look through while a file lands."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def passing_over_what_stands() -> Iterator[None]:
    """Within it, all that is in memory already is passed over by the collector, and looked through again afterwards.

    A landing makes so many objects that the collector goes through all there are over and over: 290,000 of the
    libraries' own, which stay as they are. That came to a tenth of a landing's time. What the landing itself leaves
    is collected as ever.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
