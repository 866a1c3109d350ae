"""Codes made from headers and options."""

import re

from config.values import code_of as code_of


def rest_of(match: str, header: str) -> str:
    """What tells a header from its fellows: the first group of the pattern, or what the pattern leaves."""
    found = re.search(match, header)
    if not match or found is None:
        return code_of(header)
    part = found.group(1) if found.groups() else header[: found.start()] + header[found.end() :]
    return code_of(part) or code_of(header)
