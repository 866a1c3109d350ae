"""The places that columns of comments have on record: by its place a comment is known, wherever its column has gone."""

from collections.abc import Mapping

from sqlalchemy import Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from heardback.store.base import Base

Places = dict[str, dict[str, int]]  # by the code of a question: by its columns' headers, their places


class ColumnOnRecord(Base):
    """The place of one column among those of its question; a header that was reworded has its earlier one's."""

    __tablename__ = "column_on_record"

    source_id: Mapped[str] = mapped_column(primary_key=True)
    question_code: Mapped[str] = mapped_column(primary_key=True)
    heading: Mapped[str] = mapped_column(Text, primary_key=True)
    place: Mapped[int]


def places_on_record(session: Session, source_id: str) -> Places:
    """Of each question of a source every column that it has had. Costs a row a column, however much was said."""
    found: Places = {}
    for column in session.scalars(select(ColumnOnRecord).where(ColumnOnRecord.source_id == source_id)):
        found.setdefault(column.question_code, {})[column.heading] = column.place
    return found


def note_places(session: Session, source_id: str, places: Mapping[tuple[str, str], int]) -> None:
    """Put columns, by code and header, on record at their places."""
    for (code, heading), place in places.items():
        session.merge(ColumnOnRecord(source_id=source_id, question_code=code, heading=heading, place=place))
