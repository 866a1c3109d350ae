"""What was accepted becomes what is stored: each response once, each comment screened and in exactly one loop."""

from heardback.landing.arrivals import Arrivals, sort_arrivals
from heardback.landing.batch import Batch, Landed, land

__all__ = ["Arrivals", "Batch", "Landed", "land", "sort_arrivals"]
