"""Folders on far servers: opened anew for every pull, and each of their libraries' errors told in our words.

`Playing` does what real servers were seen to do (OpenSSH, Samba, moto, Azurite); the kinds of error bear the names that
paramiko, smbprotocol, s3fs and azure-core give them.
"""

import errno
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from threading import Event
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import urlsplit

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from upath import UPath

from heardback.errors import HeardbackError, NotFound, SourceUnavailable, StillArriving
from heardback.sources.folders import far_folders
from heardback.sources.folders.far_folders import open_far
from heardback.sources.folders.files import FileDrop, find_drops
from heardback.sources.folders.hanging_up import hang_up
from tasks.configuration import check_configuration
from tests.council import exit_row
from tests.desk import Desk
from tests.factories import NOW
from tests.sources.samples import a_shape

# universal-pathlib has no paths of its own for a server that this file makes up.
pytestmark = pytest.mark.filterwarnings("ignore:UPath 'playing' filesystem")
SECRET = "HEARDBACK_SECRET_BOX"  # noqa: S105 - a name
STORAGE = {"username": "heardback", "password": SECRET}
PATH = "playing://host.example/drops/*.csv"


class AuthenticationException(Exception):
    """paramiko's, for a wrong password."""


class LogonFailure(Exception):
    """smbprotocol's."""


class HttpResponseError(Exception):
    """azure-core's."""

    status_code = 403


class SMBOSError(OSError):
    """smbprotocol's own, which is neither a FileNotFoundError nor a PermissionError, whatever it stands for."""

    def __init__(self, ntstatus: int, number: int = 0) -> None:
        super().__init__(number, "s3cret")
        self.ntstatus = ntstatus


class FileExpired(OSError):
    """s3fs's, where another object stands under the name by now."""


class SSHException(Exception):
    """paramiko's, where the line broke."""


class Playing(MemoryFileSystem):
    """A server. `refuses` is raised when it is opened, `fails` by method; what it listed once it lists again."""

    protocol = "playing"
    cachable = True
    refuses: ClassVar[Exception | None] = None
    fails: ClassVar[dict[str, Exception]] = {}
    arrives: ClassVar[bytes] = b""  # what a file holds by the time that it is read
    tag: ClassVar[dict[str, str]] = {}
    silent: ClassVar[dict[str, Event]] = {}  # by method: until when no answer comes
    passwords: ClassVar[list[str]] = []
    lines: ClassVar[list["Playing"]] = []

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if self.refuses:
            raise self.refuses
        self.dead, self.listed, self.asked = False, {}, []
        self._called("opening")
        self.passwords.append(options.get("password", ""))
        self.lines.append(self)

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return "/" + str(path).removeprefix("playing://").lstrip("/").rstrip("/")

    def _called(self, method: str) -> None:
        if self.dead:
            raise OSError("Socket is closed")
        if method in self.silent:
            self.asked.append(method)
            assert self.silent[method].wait(60)
        if method in self.fails:
            raise self.fails[method]

    def info(self, path: str, **options: Any) -> Any:
        self._called("info")
        found = super().info(path, **options)
        changed = found["created"].timestamp() if "created" in found else 0
        return self.listed.setdefault(path, {**found, "mtime": changed, **self.tag})

    def ls(self, path: str, detail: bool = True, **options: Any) -> Any:
        self._called("ls")
        return super().ls(path, detail, **options)

    def glob(self, path: str, **options: Any) -> Any:
        """As fsspec's own, which takes a folder that it cannot list for one without files."""
        self._called("glob")
        return [] if "ls" in self.fails else super().glob(path, **options)

    def open(self, path: str, *rest: Any, **options: Any) -> Any:
        self._called("open")
        if self.arrives:
            MemoryFileSystem().pipe(self._strip_protocol(path), self.arrives)
        return super().open(path, *rest, **options)

    def invalidate_cache(self, path: str | None = None) -> None:  # noqa: ARG002
        self.listed.clear()


class PlayingSftp(Playing):
    """Its paths leave out the host, as fsspec's own for SFTP and SMB do."""

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return urlsplit(path).path

    @staticmethod
    def _get_kwargs_from_urls(url: str) -> dict[str, str]:
        return {"host": str(urlsplit(url).hostname)}


@pytest.fixture(autouse=True)
def server() -> Iterator[UPath]:
    fsspec.register_implementation("playing", Playing, clobber=True)
    Playing.refuses, Playing.fails, Playing.tag, Playing.arrives, Playing.silent = None, {}, {}, b"", {}
    Playing.passwords.clear()
    Playing.lines.clear()
    Playing.clear_instance_cache()
    memory = MemoryFileSystem()
    memory.pipe("/host.example/drops/a.csv", b"id\n1\n")
    yield memory
    memory.rm("/host.example", recursive=True)


def found(**storage: str) -> list[FileDrop]:
    return find_drops(a_shape(path=PATH, storage=storage or STORAGE), Path("/nowhere"), secret={SECRET: "s3cret"}.get)


def refused(**storage: str) -> HeardbackError:
    with pytest.raises(HeardbackError) as error:
        [drop.fetch() for drop in found(**storage)]
    assert "host.example" in error.value.where
    assert "s3cret" not in str(error.value)
    assert error.value.__suppress_context__
    return error.value


def test_a_dead_line_of_the_pull_before_is_not_used_again() -> None:
    found()
    Playing.lines[0].dead = True  # the server was started anew
    assert [drop.fetch().content for drop in found()] == [b"id\n1\n"]


def test_what_was_dropped_or_changed_since_the_pull_before_is_seen_by_the_next(server: MemoryFileSystem) -> None:
    found()
    server.pipe("/host.example/drops/a.csv", b"id\n1\n2\n")
    assert [drop.fetch().content for drop in found()] == [b"id\n1\n2\n"]


def test_a_file_that_changes_after_it_was_listed_waits_though_its_server_remembers_the_list(
    server: MemoryFileSystem,
) -> None:
    (drop,) = found()
    server.pipe("/host.example/drops/a.csv", b"id\n2\n")  # no longer than before
    with pytest.raises(StillArriving):
        drop.fetch()


def test_a_file_swapped_while_it_is_read_waits() -> None:
    Playing.fails = {"open": FileExpired("etag")}
    assert isinstance(refused(), StillArriving)


@pytest.mark.parametrize("arrives", [b"id\n1\n2\n", b"id"])
def test_a_file_of_another_length_than_was_seen_is_still_being_written(arrives: bytes) -> None:
    Playing.arrives = arrives
    with pytest.raises(StillArriving):
        found()[0].fetch()


@pytest.mark.parametrize("error", [AuthenticationException("s3cret"), LogonFailure("s3cret"), PermissionError()])
def test_a_secret_that_the_server_does_not_take_is_named(error: Exception) -> None:
    Playing.refuses = error
    told = refused()
    assert "does not let us in" in told.what
    assert SECRET in told.do
    assert isinstance(told, SourceUnavailable)
    assert told.permanent


def test_a_server_that_says_403_does_not_let_us_in() -> None:
    Playing.fails = {"info": HttpResponseError("s3cret")}
    assert "does not let us in" in refused().what


def test_an_account_without_password_and_key_is_told_so_and_not_that_the_server_is_gone() -> None:
    Playing.refuses = SSHException("No authentication methods available")
    told = refused()
    assert "does not let us in" in told.what
    assert isinstance(told, SourceUnavailable)
    assert told.permanent


@pytest.mark.parametrize("method", ["info", "ls", "open"])
@pytest.mark.parametrize("error", [SSHException("s3cret"), ConnectionResetError(), EOFError()])
def test_a_server_that_is_gone_is_no_missing_folder_and_no_empty_one(method: str, error: Exception) -> None:
    Playing.fails = {method: error}
    told = refused()
    assert "did not answer to the end" in told.what
    assert isinstance(told, SourceUnavailable)
    assert not told.permanent


@pytest.mark.parametrize("status", [0xC0000022, 0xC000006D])
def test_a_file_that_samba_does_not_hand_over_is_no_server_that_is_gone(status: int) -> None:
    Playing.fails = {"open": SMBOSError(status)}
    assert "does not let us in" in refused().what


def test_a_file_that_somebody_has_open_for_writing_waits() -> None:
    Playing.fails = {"open": SMBOSError(0xC0000043, errno.EPERM)}
    told = refused()
    assert isinstance(told, StillArriving)
    assert "is open in another program" in told.what


@pytest.mark.parametrize("error", [SMBOSError(0xC0000034, errno.ENOENT), SMBOSError(0xC00000CC)])
def test_a_folder_or_share_that_samba_does_not_have_is_missing(error: Exception) -> None:
    Playing.fails = {"info": error}
    with pytest.raises(NotFound, match="the folder does not exist"):
        found()


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """A server that was stopped amid an answer: its machine still takes what is sent."""
    monkeypatch.setattr(far_folders, "PATIENCE", 0.02)
    until = Event()
    yield until
    until.set()


@pytest.mark.parametrize("method", ["opening", "info", "glob", "open"])
def test_a_server_that_no_longer_answers_is_not_waited_for_without_end(frozen: Event, method: str) -> None:
    Playing.silent = {method: frozen}
    told = refused()
    assert "did not answer to the end (TimeoutError)" in told.what
    assert isinstance(told, SourceUnavailable)
    assert not told.permanent


def test_a_line_on_which_an_answer_did_not_come_is_not_asked_again_and_the_next_pull_has_another(
    server: MemoryFileSystem, frozen: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung_up: list[object] = []
    monkeypatch.setattr(far_folders, "hang_up", hung_up.append)
    server.pipe("/host.example/drops/b.csv", b"id\n2\n")
    drops = found()
    Playing.silent = {"open": frozen}
    for drop in drops:
        with pytest.raises(SourceUnavailable, match="TimeoutError"):
            drop.fetch()
    assert Playing.lines[-1].asked == ["open"]
    assert hung_up == [Playing.lines[-1]]
    Playing.silent = {}
    assert [drop.fetch().content for drop in found()] == [b"id\n1\n", b"id\n2\n"]


@pytest.mark.parametrize(("seconds", "asked"), [(31.0, 1), (29.0, 2)])
def test_a_server_that_takes_long_to_fail_is_not_asked_for_every_file(
    server: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch, seconds: float, asked: int
) -> None:
    server.pipe("/host.example/drops/b.csv", b"id\n2\n")
    drops, clock = found(), iter(range(100))
    monkeypatch.setattr(far_folders, "monotonic", lambda: next(clock) * seconds)
    tried: list[str] = []
    monkeypatch.setattr(Playing, "open", lambda _line, path, *_, **__: tried.append(path) or fail())
    for drop in drops:
        with pytest.raises(SourceUnavailable):
            drop.fetch()
    assert len(tried) == asked


def fail() -> None:
    raise ConnectionResetError


def test_a_large_file_may_take_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[float] = []
    monkeypatch.setattr(far_folders, "in_time", lambda act, seconds: (limits.append(seconds), act())[1])
    [drop.fetch() for drop in found()]
    assert max(limits) == far_folders.PATIENCE + len(b"id\n1\n") / far_folders.SLOWEST


def test_a_line_to_openssh_is_closed_from_this_end() -> None:
    closed: list[str] = []
    hang_up(SimpleNamespace(protocol=("sftp", "ssh"), client=SimpleNamespace(close=lambda: closed.append("client"))))
    assert closed == ["client"]


def test_a_line_to_samba_is_closed_without_a_word_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []
    line = SimpleNamespace(connection=SimpleNamespace(disconnect=lambda close: said.append(close)))
    library = ModuleType("smbclient")
    monkeypatch.setattr(
        library, "register_session", lambda *who, **how: (said.append((*who, how)), line)[1], raising=False
    )
    monkeypatch.setitem(sys.modules, "smbclient", library)
    login = {"username": "u", "password": "s3cret"}
    hang_up(SimpleNamespace(protocol="smb", host="files", _port=4455, **login))
    assert said == [("files", {**login, "port": 4455}), False]


def test_a_line_that_is_closed_already_and_one_of_another_kind_are_left() -> None:
    hang_up(SimpleNamespace(protocol="sftp"))
    hang_up(SimpleNamespace(protocol=("s3", "s3a")))


PRIVATE = [
    ("sftp://127.0.0.1/drops/*.csv", {}),
    ("smb://u:hunter2@10.1.2.3:445/share/*.csv", {}),
    ("https://127.0.0.1:8443/drops/a.csv", {}),
    ("sftp://files.invalid/drops/*.csv", {"host": "192.168.0.9"}),
    ("s3://127.0.0.2/*.csv", {"endpoint_url": "http://127.0.0.1:9000"}),
    ("az://box/*.csv", {"account_host": "127.0.0.1:10000"}),
    ("az://box/*.csv", {"connection_string": "BlobEndpoint=http://169.254.169.254/devstoreaccount1;AccountName=a"}),
]


@pytest.mark.parametrize(("path", "storage"), PRIVATE)
def test_a_host_on_a_private_network_is_called_only_where_the_policy_names_it(
    monkeypatch: pytest.MonkeyPatch, path: str, storage: dict[str, str]
) -> None:
    called: list[str] = []
    monkeypatch.setattr(
        "heardback.sources.folders.files.open_far", lambda scheme, *_: called.append(scheme) or UPath("/nowhere")
    )
    with pytest.raises(SourceUnavailable, match="private network") as refusal:
        find_drops(a_shape(path=path, storage=storage), Path("/nowhere"))
    assert refusal.value.permanent
    assert called == []
    with pytest.raises(NotFound):
        find_drops(a_shape(path=path, storage=storage), Path("/nowhere"), private_hosts=[refusal.value.where.upper()])
    assert called == [path.partition(":")[0]]


@pytest.mark.parametrize(("named", "said"), [([], "private network"), (["127.0.0.1"], "the shelf was reached")])
def test_pulling_and_checking_ask_the_policy_which_private_hosts_may_be_called(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch, named: list[str], said: str
) -> None:
    def reached(*_: object) -> UPath:
        raise NotFound("the shelf was reached")

    monkeypatch.setattr("heardback.sources.folders.files.open_far", reached)
    sqlite_desk.configure(
        sources={"exit": {"file": {"path": "smb://127.0.0.1/drops/*.csv"}}},
        policy={"network": {"private_hosts": named}},
    )
    assert said in sqlite_desk.pull().error
    assert [said in door for door in check_configuration(NOW).closed] == [True]
    assert any(said in warning for warning in check_configuration().warnings)


def test_an_address_that_stands_in_a_secret_is_that_of_whoever_runs_heardback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heardback.sources.folders.files.open_far", lambda *_: UPath("/nowhere"))
    with pytest.raises(NotFound):
        find_drops(
            a_shape(path="az://box/*.csv", storage={"connection_string": SECRET}),
            Path("/nowhere"),
            secret={SECRET: "BlobEndpoint=http://127.0.0.1:10000/a;"}.__getitem__,
        )


def test_settings_that_the_library_does_not_take_are_told_from_a_server_that_is_gone() -> None:
    Playing.refuses = TypeError("unexpected keyword 's3cret'")
    assert "file.storage" in refused().do
    assert isinstance(refused(), NotFound)


def test_a_far_folder_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFound, match="does not exist"):
        find_drops(a_shape(path="playing://host.example/elsewhere/*.csv", storage={}), Path("/nowhere"))


def test_a_message_names_the_host_also_where_the_path_alone_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(import_module("fsspec.registry")._registry, "sftp", PlayingSftp)
    shape = a_shape(path="sftp://host.example/drops/*.csv", storage={"host_key_policy": "reject"})
    with pytest.raises(NotFound) as error:
        find_drops(shape, Path("/nowhere"))
    assert error.value.where == "sftp://host.example/drops"


def test_paramiko_which_logs_the_trace_of_what_it_raises_is_not_heard_beside_our_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(import_module("fsspec.registry")._registry, "sftp", PlayingSftp)
    log = logging.getLogger("paramiko")
    monkeypatch.setattr(log, "handlers", [])
    for _ in range(2):
        open_far("sftp", "host.example/drops", {"host_key_policy": "reject"})
    assert [type(handler) for handler in log.handlers] == [logging.NullHandler]  # else Python prints it to the terminal


LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "look"),
    [({"ETag": '"a1"'}, '"a1"'), ({"etag": "0x8D1"}, "0x8D1"), ({"ETag": 'W/"a1"'}, ""), ({"ETag": ""}, ""), ({}, "")],
)
def test_a_far_file_is_known_again_by_a_tag_that_changes_with_its_bytes_and_by_nothing_else(
    tag: dict[str, str], look: str
) -> None:
    Playing.tag = tag
    (drop,) = find_drops(a_shape(path=PATH), Path("/nowhere"), at=LONG_AFTER)
    assert drop.look == look


def test_a_far_file_whose_tag_is_the_same_is_not_fetched_again_and_another_is(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"exit": {"file": {"path": PATH}}})
    put(sqlite_desk, exit_row(1, "It is cold"), tag="one")
    assert sqlite_desk.pull(at=LONG_AFTER).status == "landed"
    Playing.fails = {"open": SSHException()}
    assert sqlite_desk.pull(at=LONG_AFTER).status == "unchanged"
    Playing.fails = {}
    put(sqlite_desk, exit_row(1, "It is damp"), tag="two")
    assert sqlite_desk.pull(at=LONG_AFTER).status == "landed"
    assert sqlite_desk.texts() == ["It is damp"]


def put(desk: Desk, row: str, tag: str) -> None:
    Playing.tag = {"ETag": tag}
    MemoryFileSystem().pipe("/host.example/drops/a.csv", desk.drop("elsewhere", row).read_bytes())


def in_a_council(desk: Desk, **file: Any) -> list[str]:
    desk.configure(sources={"exit": {"file": {"path": PATH, **file}}})
    found = [warning for warning in check_configuration().warnings if warning.startswith("exit")]
    return [warning for warning in found if "lists no options" not in warning]


def test_check_looks_into_a_far_folder_with_the_secret_that_a_pull_would_use(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, "s3cret")
    assert in_a_council(sqlite_desk, storage=STORAGE) == []
    assert set(Playing.passwords) == {"s3cret"}


@pytest.mark.parametrize(("path", "said"), [
    (PATH, ""), ("playing://host.example/elsewhere/*.csv", "does not exist"),
    ("sftp://127.0.0.1/drops/*.csv", "private network"), ("nosuch://host/*.csv", "nothing opens nosuch://"),
])  # fmt: skip
def test_a_folder_elsewhere_is_a_door_that_check_tries_and_one_here_is_not(
    sqlite_desk: Desk, path: str, said: str
) -> None:
    sqlite_desk.configure(sources={"exit": {"file": {"path": path}}})
    report = check_configuration(NOW)
    assert [said in door for door in report.closed] == ([True] if said else [])
    assert not set(report.closed) & set(report.warnings)


def test_check_names_a_secret_that_is_not_set_and_sends_no_wrong_one(sqlite_desk: Desk) -> None:
    assert in_a_council(sqlite_desk, storage=STORAGE) == [f"exit: the secret {SECRET} is not set"]
    assert Playing.passwords == []


def test_check_says_how_to_install_what_is_missing(sqlite_desk: Desk) -> None:
    (warning,) = in_a_council(sqlite_desk, path="abfs://box/*.csv")
    assert "pip install adlfs" in warning
