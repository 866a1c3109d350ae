"""How many of what, for those who report it."""

from heardback.domain.plurals import some

__all__ = ["some"]
