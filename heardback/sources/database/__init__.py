"""A database that is asked, and never written to."""
