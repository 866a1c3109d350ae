"""A page as a reader without eyes or a network meets it: its outline, its tables, its text, what it would fetch."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

from heardback.reports.content import PackContent
from heardback.reports.pack import every_table, page_values
from heardback.reports.rendering import render

VOID = {"meta", "link", "img", "br", "hr", "input", "path", "circle", "rect", "line"}
FETCHING = {"src", "srcset", "data", "poster", "action", "background", "xlink:href"}


@dataclass
class Element:
    """One element with its attributes, the text inside it, and the names of the elements around it."""

    name: str
    attributes: dict[str, str]
    around: tuple[str, ...]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """The elements of a page in order. `unclosed` lists what the page's author forgot."""

    elements: list[Element] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        around = tuple(outer.name for outer in self._open)
        element = Element(tag, {name: value or "" for name, value in attrs}, around)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        around = tuple(outer.name for outer in self._open)
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, around))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].name == tag:
            self._open.pop()
        elif tag not in VOID:
            self.unclosed.append(tag)

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, name: str) -> list[Element]:
        """The elements of one name."""
        return [element for element in self.elements if element.name == name]

    @property
    def text(self) -> str:
        """Everything a reader reads, spaces made one."""
        return " ".join(self.all("body")[0].text.split())

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Level and words of each heading, in order."""
        found = [element for element in self.elements if element.name in {"h1", "h2", "h3", "h4", "h5", "h6"}]
        return [(int(element.name[1]), " ".join(element.text.split())) for element in found]

    @property
    def fetched(self) -> list[str]:
        """Every address that a browser would ask for without being clicked."""
        asked = [
            value
            for element in self.elements
            for name, value in element.attributes.items()
            if name in FETCHING or (name == "href" and element.name in {"link", "use", "image"})
        ]
        styles = " ".join(element.text for element in self.all("style"))
        styles += " ".join(element.attributes.get("style", "") for element in self.elements)
        return asked + (["a style sheet"] if "@import" in styles or "url(" in styles else [])

    @property
    def links(self) -> list[str]:
        """Where the page's links lead."""
        return [element.attributes["href"] for element in self.all("a")]

    @property
    def ids(self) -> list[str]:
        """Every id, as often as it stands there."""
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]


def read(text: str) -> Page:
    """A page from its text."""
    page = Page()
    page.feed(text)
    page.close()
    return page


def check_is_accessible(page: Page) -> None:
    """What can be checked without a browser, of any page of ours."""
    assert page.unclosed == []
    assert page.all("html")[0].attributes["lang"] == "en-GB"
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert page.links[0] == "#main"  # the skip link is the first thing one reaches
    assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))
    assert len(page.ids) == len(set(page.ids))
    named = [
        element.attributes["aria-labelledby"] for element in page.elements if "aria-labelledby" in element.attributes
    ]
    assert set(named) <= set(page.ids)
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(heading.attributes.get("scope") in {"col", "row"} for heading in page.all("th"))
    assert all("tabindex" in box.attributes for box in page.all("div") if box.attributes.get("class") == "scroll")


def check_asks_for_nothing(page: Page, *, beside: tuple[str, ...] = ()) -> None:
    """No request leaves the page: nothing is fetched, no link leads out of the folder, no script runs."""
    assert page.fetched == []
    assert page.all("script") == []
    assert all(link.startswith("#") or link in beside for link in page.links)
    policies = [meta.attributes["content"] for meta in page.all("meta") if "http-equiv" in meta.attributes]
    assert policies
    assert policies[0].startswith("default-src 'none'")


def pack_page(content: PackContent) -> str:
    """The page of a pack alone, without the documents and files beside it."""
    return render("pack.html", page_values(content, every_table(content)))
