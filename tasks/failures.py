"""What a step raises, for those who report it."""

from heardback.errors import ConfigurationError, DeliveryError, HeardbackError, PullsFailed

__all__ = ["ConfigurationError", "DeliveryError", "HeardbackError", "PullsFailed"]
