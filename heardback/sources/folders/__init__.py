"""Folders of files, here or at a URL."""
