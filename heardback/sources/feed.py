"""A feed: what is pulled, be it a source of answers or a register of changes."""

from config.maps import RegisterMap, SourceMap

Feed = SourceMap | RegisterMap


def columns_named(feed: Feed) -> list[str]:
    """The headers that its map names, in its order; one that is named twice stands twice."""
    if isinstance(feed, RegisterMap):
        return [header for header in feed.columns.model_dump().values() if header]
    return [*feed.natural_key, *(question.column for question in feed.questions if question.column)]
