"""The service change that answers what was said, or an honest nothing."""
