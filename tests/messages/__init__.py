"""Tests of what owners receive."""
