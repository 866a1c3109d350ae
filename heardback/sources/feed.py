"""A feed: what is pulled, be it a source of answers or a register of changes."""

from hashlib import sha256

from config.maps import SourceMap
from config.registers import RegisterMap

Feed = SourceMap | RegisterMap


def map_hash(feed: Feed) -> str:
    """The sha256 of all that its map says: the same only while nobody has corrected it."""
    return sha256(feed.model_dump_json().encode()).hexdigest()


def columns_named(feed: Feed) -> list[str]:
    """The headers that its map names, in its order; one that is named twice stands twice."""
    if isinstance(feed, RegisterMap):
        return [header for header in feed.columns.model_dump().values() if header]
    return [*feed.natural_key, *(question.column for question in feed.questions if question.column)]
