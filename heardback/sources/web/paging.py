"""From page to page until the last: never in a circle, no answer twice, and as many as the tool says there are."""

from collections.abc import Callable, Sequence

from heardback.errors import SourceUnavailable
from heardback.sources.web.client import Page, host_of

MOST_PAGES = 20_000


def pages(
    first: Page,
    next_of: Callable[[Page], str | None],
    ask: Callable[[str], Page],
    *,
    ids_of: Callable[[Page], Sequence[object]] | None = None,
    stated_of: Callable[[Page], int | None] | None = None,
) -> list[Page]:
    """All pages, the first included; `ask` is mostly `Web.get_json`.

    `next_of` gives the address of the next page, None after the last; an address that comes twice is refused. `ids_of`
    gives the ids of a page's answers: an id that comes twice says that the answers moved from page to page while we
    read, and another was missed. `stated_of` reads the total that a page states: it may grow, for what is new comes
    last, but must not fall, and the last must be met. Raises SourceUnavailable, so that nothing of a torn set lands.
    """
    found, seen = [first], {first.url}
    while (url := next_of(found[-1])) is not None:
        if url in seen or len(found) >= MOST_PAGES:
            raise _torn("the tool's next link leads in a circle", first)
        seen.add(url)
        found.append(ask(url))
    if ids_of:
        ids = [answer_id for page in found for answer_id in ids_of(page)]
        _check_ids(ids, first)
        check_count([stated_of(page) for page in found] if stated_of else [], len(ids), first)
    return found


def check_count(stated: Sequence[int | None], received: int, first: Page) -> None:
    """Raise SourceUnavailable where the totals that a tool states, page by page, are not what it handed over."""
    known = [total for total in stated if total is not None]
    if known and (known != sorted(known) or known[-1] != received):
        raise _torn(f"the tool states {known[0]} answers, then {known[-1]}, and hands over {received}", first)


def as_one_document(groups: dict[str, Sequence[Page]]) -> bytes:
    """Pages as one JSON document, a list for each group, each page byte for byte as the tool sent it."""
    lists = [
        b'"%s": [%s]' % (name.encode(), b",\n".join(page.content.removeprefix(b"\xef\xbb\xbf") for page in group))
        for name, group in groups.items()
    ]
    return b"{" + b",\n".join(lists) + b"}\n"


def unexpected(page: Page) -> SourceUnavailable:
    """The refusal of JSON that is not what the tool's documents promise: no list of answers must not read as none."""
    return SourceUnavailable(
        "the tool answers with something other than its answers",
        where=host_of(page.url),
        do="check 'address' in the map's connect: section: it must be the one of the tool's API",
        permanent=True,
    )


def _check_ids(ids: Sequence[object], first: Page) -> None:
    twice = len(ids) - len(set(map(str, ids)))  # anything may stand where an id should
    if twice:
        raise _torn(f"{twice} answers came twice: something was changed in the tool while we read", first)


def _torn(what: str, first: Page) -> SourceUnavailable:
    return SourceUnavailable(what, where=host_of(first.url), do="pull again; nothing of this one was kept")
