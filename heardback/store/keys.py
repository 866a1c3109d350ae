"""Which key the words in a database are sealed with; a database and a key that do not belong together are told so."""

from sqlalchemy import Engine, text
from sqlalchemy.orm import Mapped, mapped_column

from heardback.errors import StoreError
from heardback.store.base import Base
from heardback.store.sealing import VARIABLE, Seal
from heardback.store.trouble import shown

ROTATE = "heardback migrate --rotate-key"


class KeyInUse(Base):
    """The one row that says by which key the words are sealed; '' where they are stored as they are."""

    __tablename__ = "key_in_use"

    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key_id: Mapped[str]


def note_key(engine: Engine, seal: Seal | None) -> None:
    """Put it on record for a database that is new and holds nothing yet."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE key_in_use SET key_id = :key_id"), {"key_id": seal.key_id if seal else ""})


def check_key(engine: Engine, seal: Seal | None) -> None:
    """Raise StoreError where the environment's key is missing, is another, or is new to this database."""
    with engine.connect().execution_options(read_only=True) as connection:
        key_id = connection.scalar(text("SELECT key_id FROM key_in_use")) or ""
    if key_id != (seal.key_id if seal else ""):
        raise another_key(engine, seal, key_id)


def another_key(engine: Engine, seal: Seal | None, key_id: str) -> StoreError:
    """What to say of a database that is sealed with `key_id` to whoever has these keys."""
    if seal is None:
        what, do = (
            f"the words in it are sealed and {VARIABLE} is not set",
            "set it to the key that they were sealed with",
        )
    elif key_id in ("", *seal.ids):
        what = "the words in it are not sealed yet" if not key_id else "the words in it are sealed with an older key"
        do = f"back it up, then run `{ROTATE}`"
    else:
        what = f"the words in it are sealed with a key that is not in {VARIABLE}"
        do = "put that key there, behind the new one and a comma where there is a new one"
    return StoreError(what, where=shown(str(engine.url)), do=do)
