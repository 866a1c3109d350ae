"""What a step raises, for those who report it."""

from heardback.errors import ConfigurationError, HeardbackError

__all__ = ["ConfigurationError", "HeardbackError"]
