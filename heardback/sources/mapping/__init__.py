"""A table becomes the canonical record, as its map says."""
