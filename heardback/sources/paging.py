"""From page to page until the last, never in a circle, and never fewer rows than the tool says there are."""

from collections.abc import Callable, Sequence

from heardback.errors import SourceUnavailable
from heardback.sources.web import Page, host_of

MOST_PAGES = 20_000


def pages(
    first: Page,
    next_of: Callable[[Page], str | None],
    ask: Callable[[str], Page],
    *,
    rows_of: Callable[[Page], int] | None = None,
    stated_of: Callable[[Page], int | None] | None = None,
) -> list[Page]:
    """All pages, the first included; `ask` is mostly `Web.get_json`.

    `next_of` gives the address of the next page, None after the last; an address that comes twice is refused. Where
    `rows_of` counts a page's rows and `stated_of` reads the total that it states, the last total stated must be met:
    rows may be added or deleted while we page. Raises SourceUnavailable, so that nothing of a torn set lands.
    """
    found, seen = [first], {first.url}
    while (url := next_of(found[-1])) is not None:
        if url in seen or len(found) >= MOST_PAGES:
            raise _torn("the tool's next link leads in a circle", first)
        seen.add(url)
        found.append(ask(url))
    if rows_of and stated_of:
        check_count(stated_of(found[-1]), sum(map(rows_of, found)), first)
    return found


def check_count(stated: int | None, received: int, first: Page) -> None:
    """Raise SourceUnavailable where a tool states another number of rows than it handed over."""
    if stated is not None and stated != received:
        raise _torn(f"the tool states {stated} answers and hands over {received}", first)


def as_one_document(name_to_pages: dict[str, Sequence[Page]]) -> bytes:
    """Pages as one JSON document of lists, each page byte for byte as the tool sent it."""
    lists = [
        b'"%s": [%s]' % (name.encode(), b",\n".join(page.content.removeprefix(b"\xef\xbb\xbf") for page in group))
        for name, group in name_to_pages.items()
    ]
    return b"{" + b",\n".join(lists) + b"}\n"


def _torn(what: str, first: Page) -> SourceUnavailable:
    return SourceUnavailable(what, where=host_of(first.url), do="pull again; nothing of this one was kept")
