"""What Great Expectations warns of while it is imported and run, where we could not change anything."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

OF_NO_USE = ("module 'sre_", "The condition_parser parameter is", "Passing a string to the row_condition")


@contextmanager
def unwarned() -> Iterator[None]:
    """It imports modules that Python has deprecated, and would have a row_condition in a form that YAML has not."""
    with warnings.catch_warnings():
        for beginning in OF_NO_USE:
            warnings.filterwarnings("ignore", message=beginning, category=DeprecationWarning)
        yield
