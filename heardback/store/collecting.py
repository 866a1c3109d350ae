"""What Python's garbage collector need not look through while very many objects are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def passing_over_what_stands() -> Iterator[None]:
    """Within it, all that is in memory already is passed over by the collector, and looked through again afterwards.

    A landing, or a million rows of a query, makes so many objects that the collector goes through all there are over
    and over: 290,000 of the libraries' own, which stay as they are. That came to a tenth of a landing's time and a
    third of a query's. What is made within it is collected as ever. Of several, one in the other or in threads, the
    first to end ends it for all: that costs time and nothing else.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
