"""With a key no word, and no hash of words, lies readable on the disk; keys change by command and never show."""

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select, text

from heardback.errors import ConfigurationError, StoreError
from heardback.store import Comment, QuarantinedRow, Response, Revision, raw_files
from heardback.store.pull_records import known_bad, set_aside
from heardback.store.retention import comments_with_words
from heardback.store.rotation import rotate
from heardback.store.sealing import VARIABLE, Seal, lend
from heardback.store.session import open_store, reading, scrub, transaction
from tests.factories import a_comment, a_pull

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
CANARY = "zebra-canary is freezing here"
CELLS = {"said": f"{CANARY}, and cold"}


def a_seal(*keys: str) -> Seal:
    seal = Seal.of(",".join(keys))
    assert seal
    return seal


def sealed_store(folder: Path, *keys: str) -> Engine:
    return open_store(f"sqlite:///{folder / 'sealed.db'}", Seal.of(",".join(keys)))


def fill(store: Engine) -> str:
    """A comment and a quarantined row; returns the comment's id."""
    with transaction(store) as session:
        pull = a_pull(session, rows_read=2)
        comment_uid = a_comment(session, CANARY, pull=pull)
        set_aside(
            session, pull, [{"sheet": "", "row_number": 9, "cells": CELLS, "reasons": [], "fingerprint": "f00d" * 8}]
        )
    return comment_uid


def readable(folder: Path, words: str = "zebra-canary") -> list[str]:
    """The files in which the words stand, in UTF-8 or UTF-16."""
    forms = [words.encode(), words.encode("utf-16-le"), words.encode("utf-16-be")]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(path.name for path in files if any(form in path.read_bytes() for form in forms))


def check_all_there(store: Engine, comment_uid: str) -> None:
    with reading(store) as session:
        comment = session.get_one(Comment, comment_uid)
        row = session.scalars(select(QuarantinedRow)).one()
        assert (comment.text, row.cells) == (CANARY, CELLS)
        assert comment.fingerprint.startswith("print-")
        assert known_bad(session, "yjs-exit", ["f00d" * 8, "beef"]) == {"f00d" * 8: 1}
        same = select(Comment.comment_uid).where(Comment.fingerprint.in_([comment.fingerprint]))
        assert session.scalars(same).all() == [comment_uid]
        assert session.scalars(select(Response.content_hash)).all() == ["hash"]
        assert session.scalars(select(Revision.content_hash)).all() == ["hash"]


def test_nothing_of_what_was_said_can_be_read_off_the_disk(tmp_path: Path) -> None:
    store = sealed_store(tmp_path, OLD)
    comment_uid = fill(store)
    check_all_there(store, comment_uid)
    assert readable(tmp_path) == []
    assert readable(tmp_path, "f00d" * 8) == []
    with store.connect() as connection:
        rows = connection.execute(text("SELECT text, fingerprint FROM comment")).one()
        assert not any("print-" in value or "freezing" in value for value in rows)
    store.dispose()


def test_without_a_key_everything_is_as_it_was(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'plain.db'}")
    fill(store)
    assert "plain.db-wal" in readable(tmp_path)
    store.dispose()


def test_sql_still_sees_which_comments_have_words(tmp_path: Path) -> None:
    store = sealed_store(tmp_path, OLD)
    fill(store)
    with transaction(store) as session:
        a_comment(session, "")
    with reading(store) as session:
        assert comments_with_words(session) == 1
        assert session.scalars(select(Comment.text).order_by(Comment.text)).all()[0] == ""
    store.dispose()


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_a_store_that_was_plain_is_sealed_by_the_command_and_by_another_key_later(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue(f"{backend}_url")
    raw = tmp_path / "raw"
    store = open_store(url)
    comment_uid = fill(store)
    digest = raw_files.keep(raw, CANARY.encode())
    for seal in (a_seal(OLD), a_seal(NEW, OLD)):
        with pytest.raises(StoreError, match=r"not sealed yet|an older key"):
            open_store(url, seal)
        done = rotate(store, seal, raw)
        assert done["comment.text"] == done["quarantined_row.cells"] == done["raw files"] == 1
    assert scrub(store)
    assert rotate(store, a_seal(NEW, OLD), raw) == {"raw files": 1}, "it can be run again"
    store.dispose()
    assert readable(tmp_path) == []
    store = open_store(url, a_seal(NEW))
    check_all_there(store, comment_uid)
    assert raw_files.read(raw, digest, a_seal(NEW)) == CANARY.encode()
    store.dispose()


@pytest.mark.parametrize(
    ("given", "what", "do"),
    [
        ((), f"sealed and {VARIABLE} is not set", "set it"),
        ((NEW,), f"with a key that is not in {VARIABLE}", "behind the new one"),
        ((NEW, OLD), "with an older key", "rotate-key"),
    ],
)
def test_a_key_that_is_missing_or_another_is_told_so_and_never_shown(
    tmp_path: Path, given: tuple[str, ...], what: str, do: str
) -> None:
    store = sealed_store(tmp_path, OLD)
    fill(store)
    store.dispose()
    with pytest.raises(StoreError, match=what) as told:
        sealed_store(tmp_path, *given)
    assert do in told.value.do
    assert not any(key in str(told.value) for key in (OLD, NEW))


def test_rotating_with_a_key_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    store = sealed_store(tmp_path, OLD)
    comment_uid = fill(store)
    with pytest.raises(StoreError, match="not in HEARDBACK_SECRET_TEXT_KEY"):
        rotate(store, a_seal(NEW), tmp_path / "raw")
    with pytest.raises(StoreError, match="no key to seal with"):
        rotate(store, None, tmp_path / "raw")
    lend(store, a_seal(OLD))
    check_all_there(store, comment_uid)
    store.dispose()


def test_words_that_no_key_opens_are_an_error_that_quotes_nothing(tmp_path: Path) -> None:
    store = sealed_store(tmp_path, OLD)
    fill(store)
    lend(store, a_seal(NEW))
    for column in (Comment.text, Comment.fingerprint, QuarantinedRow.cells):
        with reading(store) as session, pytest.raises(StoreError, match="none of the keys fits") as told:
            session.scalars(select(column)).all()
        assert told.value.__cause__ is None
    store.dispose()


def test_a_key_is_in_no_repr_and_a_wrong_one_is_not_quoted() -> None:
    seal = a_seal(NEW, OLD)
    assert repr(seal) == "Seal()"
    assert len({*seal.ids, *a_seal(OLD).ids}) == 2
    assert not any(key[:8] in id_ for key in seal.keys for id_ in seal.ids)
    with pytest.raises(ConfigurationError, match="no Fernet key; make one") as told:
        Seal.of("a-secret-that-is-no-key")
    assert "a-secret" not in str(told.value)
    assert Seal.of("") is None
    assert Seal.of(" , ") is None


def test_a_sealed_file_is_named_by_what_came_and_opened_again(tmp_path: Path) -> None:
    digest = raw_files.keep(tmp_path, CANARY.encode(), a_seal(OLD))
    assert digest == raw_files.keep(tmp_path / "other", CANARY.encode())
    assert raw_files.path_of(tmp_path, digest).read_bytes().startswith(raw_files.SEALED)
    assert raw_files.read(tmp_path, digest, a_seal(NEW, OLD)) == CANARY.encode()
    for seal in (None, a_seal(NEW)):
        with pytest.raises(StoreError, match="cannot be opened"):
            raw_files.read(tmp_path, digest, seal)


@pytest.fixture
def open_umask() -> object:
    import os

    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_whatever_the_umask_the_database_its_log_and_the_raw_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    store = open_store(f"sqlite:///{home / 'deep' / 'heardback.db'}")
    with transaction(store) as session:
        a_comment(session, CANARY)
    raw_files.keep(home / "raw", CANARY.encode())
    rights = {str(path.relative_to(tmp_path)): stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    files = {name: right for name, right in rights.items() if (tmp_path / name).is_file()}
    assert {name.rpartition("heardback.db")[2] for name in files if "heardback.db" in name} == {"", "-wal", "-shm"}
    assert set(files.values()) == {0o600}
    assert {right for name, right in rights.items() if name not in files} == {0o700}
    store.dispose()


def test_a_database_that_was_copied_here_open_to_all_is_closed_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "heardback.db"
    open_store(f"sqlite:///{path}").dispose()
    path.chmod(0o666)
    open_store(f"sqlite:///{path}").dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
