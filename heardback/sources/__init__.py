"""A tool's export becomes the canonical record."""
