"""Pages of records, as ODK Central and KoboToolbox send them: taken apart as they come, and read again when kept."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from config.maps import SourceMap
from heardback.errors import PullRefused, Unreadable
from heardback.sources.feed import Feed
from heardback.sources.web.client import Page
from heardback.sources.web.paging import as_one_document, unexpected

EVERYTHING, NEWS = "everything", "since"  # what a kept document calls its list of pages


def records_on(page: Page, key: str) -> list[dict[str, Any]]:
    """The records of a page that has just come. Raises SourceUnavailable where it has no list of them."""
    found = page.json.get(key) if isinstance(page.json, dict) else None
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise unexpected(page)
    return found


def next_page(page: Page, link: str, names: Sequence[str]) -> str | None:
    """The address of the next page: what the link says under `names`, at the address that was asked.

    The link's own address is left alone: a server behind a proxy writes its own idea of where it stands. Raises
    SourceUnavailable where the link says nothing under these names.
    """
    address = page.json.get(link)
    if not address:
        return None
    try:
        said = parse_qs(urlsplit(str(address)).query)
    except ValueError:  # no address at all
        raise unexpected(page) from None
    place: dict[str, str | int | float | bool | None] = {name: said[name][0] for name in names if name in said}
    if not place:
        raise unexpected(page)
    return str(httpx.URL(page.url).copy_merge_params(place))


def document_of(found: Sequence[Page], *, whole: bool) -> bytes:
    """Pages to be kept; whether they are all that there was is kept with them."""
    return as_one_document({EVERYTHING if whole else NEWS: found})


def kept_records(content: bytes, name: str, key: str) -> tuple[list[dict[str, Any]], bool]:
    """The records of a kept document, and whether they are all that the tool had. Numbers stay as they are written.

    A page that somebody fetched by hand is read as well. Raises Unreadable.
    """
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_int=str, parse_float=str)
        group = next((group for group in (EVERYTHING, NEWS) if group in document), "")
        pages = document[group] if group else [document]
        lists = [page[key] for page in pages]
    except (ValueError, LookupError, TypeError, RecursionError):
        lists = [None]
    if not all(isinstance(records, list) for records in lists):
        raise Unreadable(f"there are no pages with a list '{key}'", where=name, do="pull it again")
    return [record for records in lists for record in records], group != NEWS


def check_key(feed: Feed, key: str) -> None:
    """Raise PullRefused where a map does not know answers by the tool's own id: edits and deletions would be lost."""
    if isinstance(feed, SourceMap) and feed.natural_key != (key,):
        raise PullRefused(
            f"the map does not know answers by the tool's own id, '{key}'",
            where=feed.code,
            do=f"write natural_key: [{key}] in the map",
        )
