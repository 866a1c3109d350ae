"""Where a source's answers come from, and how its files lie and look: the `file:` section of a map."""

from typing import Self

from pydantic import Field, model_validator

from config.reading import Knobs
from config.values import Encoding, PatternWithGroup

NULLS = ("", "N/A", "n/a", "NULL", "#N/A", "-", "–", "—", "Did not answer")


class Children(Knobs):
    """A second table in a zip whose rows belong to those of the first, such as an ODK repeat.

    The child rows of a parent become columns of its row: `name/column#1`, `name/column#2`, and so on.
    """

    member: str = Field(description="the child table's file name in the zip; may have wild cards")
    name: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    key: str = Field(default="PARENT_KEY", description="the child's column that names its parent")
    parent: str = Field(default="KEY", description="the parent's column that it names")


class FileShape(Knobs):
    """Where a source's files lie and how they are laid out. `path` is a glob, relative to the configuration folder."""

    path: str = Field(default="", description="left out where the map has a `connect:` section")
    header_rows: int = Field(default=1, ge=1, le=3)
    skip_rows: int = Field(default=0, ge=0, description="title rows above the header")
    encodings: tuple[Encoding, ...] = Field(default=("utf-8-sig", "cp1252"), min_length=1)
    delimiter: str = Field(default="", max_length=1, description="a CSV's; left out, the one that cuts its rows evenly")
    sheet: str = Field(default="", description="the sheet's name; may be left out where there is only one")
    records: str = Field(default="", description="JSON: the path of the list of records, with '/' between its parts")
    member: str = Field(default="", description="zip: the file to read in it; may have wild cards")
    children: tuple[Children, ...] = Field(default=(), description="zip: tables whose rows belong to those of `member`")
    date_in_name: PatternWithGroup = Field(
        default="",
        description="a regular expression whose group is the day (YYYY-MM-DD) in the file's name: responses without a "
        "date of their own were heard by then",
    )
    null_values: tuple[str, ...] = NULLS
    settle_seconds: float = Field(default=0, ge=0, description="a file that changed since is left for the next pull")
    storage: dict[str, str] = Field(
        default={}, description="what the folder's URL needs; HEARDBACK_SECRET_… names a secret"
    )

    @model_validator(mode="after")
    def _has_a_parent_for_its_children(self) -> Self:
        if self.children and not self.member:
            raise ValueError("'children' belong to a 'member': say which file of the zip holds the responses")
        return self


class WayIn(Knobs):
    """Where a source's answers, or a register's changes, come from: a folder or URL, or a tool by its connector."""

    connect: dict[str, object] = Field(default={}, description="to: the connector's name, and its own settings")
    file: FileShape = FileShape()

    @model_validator(mode="after")
    def _has_one_way_in(self) -> Self:
        if bool(self.file.path) == bool(self.connect):
            raise ValueError("say where it comes from: 'file.path' (a folder or URL) or 'connect' (a tool), not both")
        return self
