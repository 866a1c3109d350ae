"""Codes made from headers and options."""

import re

from config.values import code_of as code_of


def rest_of(match: str, header: str) -> str:
    """What tells a header from its fellows, as a code."""
    return code_of(part_of(match, header)) or code_of(header)


def part_of(match: str, header: str) -> str:
    """The same as it stands in the header: the first group of the pattern, or what the pattern leaves."""
    found = re.search(match, header)
    if not match or found is None:
        return header
    part = found.group(1) if found.groups() else header[: found.start()] + header[found.end() :]
    return part or ""
