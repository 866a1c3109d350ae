"""An SFTP server whose key nobody knows gets no password. Needs paramiko, which Heardback itself does not bring."""

from pathlib import Path
from typing import Any

import pytest

from heardback.errors import SourceUnavailable

paramiko = pytest.importorskip("paramiko")

HOST = "[sftp.example]:2222"  # as paramiko and ssh write a port other than 22


@pytest.fixture
def key() -> Any:
    return paramiko.ECDSAKey.generate()


def policy(tmp_path: Path, *lines: str) -> Any:
    from heardback.sources.folders.known_hosts import KnownHostsOnly

    file = tmp_path / "known_hosts"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
    return KnownHostsOnly(file, tmp_path / "not-there")


def line(host: str, key: Any) -> str:
    return f"{host} {key.get_name()} {key.get_base64()}"


def test_a_key_that_the_account_knows_is_let_through(tmp_path: Path, key: Any) -> None:
    policy(tmp_path, line(HOST, key)).missing_host_key(None, HOST, key)


def test_a_stranger_is_refused_and_the_message_says_how_to_know_it(tmp_path: Path, key: Any) -> None:
    with pytest.raises(SourceUnavailable, match="nobody has said") as refused:
        policy(tmp_path).missing_host_key(None, HOST, key)
    assert "ssh-keyscan -p 2222 sftp.example" in refused.value.do
    assert (refused.value.where, refused.value.permanent) == (HOST, True)


def test_another_key_than_the_known_one_is_no_stranger_but_an_alarm(tmp_path: Path, key: Any) -> None:
    with pytest.raises(SourceUnavailable, match="not the one"):
        policy(tmp_path, line(HOST, paramiko.ECDSAKey.generate())).missing_host_key(None, HOST, key)


def test_a_server_on_the_standard_port_is_asked_for_there(tmp_path: Path, key: Any) -> None:
    with pytest.raises(SourceUnavailable) as refused:
        policy(tmp_path).missing_host_key(None, "sftp.example", key)
    assert "ssh-keyscan -p 22 sftp.example" in refused.value.do
