"""Bytes become a table of text, whatever wrote them."""
