"""Asking a tool over HTTP: to hosts that are named, page by page, no more than allowed."""
