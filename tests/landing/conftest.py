"""Landing is tested behind a quick gate."""

import pytest


@pytest.fixture(autouse=True)
def _quick_gate(quick_gate: None) -> None:
    """For every test here."""
