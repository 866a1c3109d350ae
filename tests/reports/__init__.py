"""Tests of what the board and young people are shown."""
