"""Connectors against servers that behave as the vendors' documents say."""
