"""Asking over HTTP: which hosts and addresses, redirects, patience, limits, certificates; against real servers."""

import gzip
import socket
import ssl
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from heardback.errors import DeliveryError, SourceUnavailable, StoreError
from heardback.sources.connector import Asking
from heardback.sources.web.addresses import is_public
from heardback.sources.web.client import LONGEST_WAIT, Web, web
from tasks.step import is_worth_retrying
from tests.sources.connectors.asking import NOW, asking_of
from tests.sources.connectors.http_tool import Answer, HttpTool, Question

Say = Callable[[Question], Answer]
LIMIT = "X-Ratelimit-App-Global"  # SurveyMonkey's, which says so in the place of Retry-After
MINUTE_SPENT = {
    f"{LIMIT}-Minute-Remaining": "0", f"{LIMIT}-Minute-Reset": "41",
    f"{LIMIT}-Day-Remaining": "380", f"{LIMIT}-Day-Reset": "43200",
}  # fmt: skip


class Saying(HttpTool):
    """Answers what a test says; `say` may be changed between questions."""

    def __init__(self, say: Say) -> None:
        super().__init__()
        self.say = say

    def answer(self, question: Question) -> Answer:
        return self.say(question)

    def knows(self, question: Question) -> bool:  # noqa: ARG002
        return True


@contextmanager
def asked(say: Say, **more: Any) -> Iterator[tuple[Web, Saying, list[float]]]:
    """A server, and somebody who asks it; the waits are noted and not waited."""
    waits: list[float] = []
    with Saying(say) as tool:
        told = {"private_hosts": frozenset({"localhost"}), "wait": waits.append, **more}
        with web(asking_of({"to": "x", "token": "HEARDBACK_SECRET_X"}, {}, **told), ["localhost"]) as found:
            yield found, tool, waits


def fine(_question: Question) -> Answer:
    return Answer({"fine": True})


def in_turn(*answers: Answer) -> Say:
    """One answer after the other; the last stays."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def test_a_page_is_its_bytes_what_they_hold_and_where_they_came_from() -> None:
    with asked(lambda question: Answer({"asked": question.query})) as (found, tool, _):
        page = found.get_json(f"{tool.address}/a?b=1", {"c": 2, "d": True})
    assert page.json == {"asked": {"b": "1", "c": "2", "d": "true"}}
    assert page.content == b'{"asked": {"b": "1", "c": "2", "d": "true"}}'
    assert page.url == f"{tool.address}/a?b=1&c=2&d=true"
    assert page.headers["content-type"] == "application/json"
    assert repr(page) == "Page()"


def test_a_question_in_json_is_posted_as_such() -> None:
    with asked(fine) as (found, tool, _):
        assert found.post_json(f"{tool.address}/rpc", {"method": "list"}).json == {"fine": True}
    assert (tool.asked[0].method, tool.asked[0].body) == ("POST", b'{"method":"list"}')


def test_a_host_that_the_map_does_not_name_is_not_called() -> None:
    with asked(fine) as (found, tool, _):
        for url in (
            tool.address.replace("localhost", "127.0.0.1"),
            "https://elsewhere.example/",
            "https://localhost.:1/",
        ):
            with pytest.raises(SourceUnavailable, match="does not name") as refused:
                found.get_json(url)
            assert refused.value.permanent
    assert tool.asked == []


def test_a_host_on_a_private_address_is_not_called_unless_the_policy_names_it() -> None:
    with asked(fine, private_hosts=frozenset()) as (found, tool, _):
        with pytest.raises(SourceUnavailable, match="not https"):
            found.get_json(tool.address)
        with pytest.raises(SourceUnavailable, match="private network") as refused:
            found.get_json(tool.address.replace("http:", "https:"))
    assert refused.value.permanent
    assert "network.private_hosts" in refused.value.do
    assert tool.asked == []


@pytest.mark.parametrize("url", ["ftp://localhost/x", "file://localhost/etc/passwd", "http://[::1", "//localhost/"])
def test_an_address_that_is_not_of_the_web_is_refused(url: str) -> None:
    with asked(fine) as (found, _, _), pytest.raises(SourceUnavailable) as refused:
        found.get_json(url)
    assert refused.value.permanent


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("2001:4860:4860::8888", True),
        ("64:ff9b::5db8:d822", True),  # 93.184.216.34 behind NAT64
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.9", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # where clouds keep the secrets of the machine
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fd00::5db8:d822", False),  # which ends as if it were behind NAT64
        ("fec0::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("::127.0.0.1", False),
    ],
)
def test_only_addresses_of_the_public_internet_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_that_also_has_a_private_address_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(SourceUnavailable, match="private network"), web(unlimited(), ["survey.example"]) as tool:
        tool.get_json("https://survey.example/")


def test_a_name_is_looked_up_once_and_the_address_that_was_checked_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the first answer is the server's, every later one would lead elsewhere."""
    looked_up: list[str] = []
    really = socket.getaddrinfo

    def resolver(host: str, port: int, *more: Any, **named: Any) -> list[Any]:
        if host != "survey.example":
            return really(host, port, *more, **named)
        looked_up.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(looked_up) == 1 else "127.0.0.9", port))]

    with Saying(fine) as tool:
        monkeypatch.setattr(socket, "getaddrinfo", resolver)
        asking = unlimited(private_hosts=frozenset({"survey.example"}))
        with web(asking, ["survey.example"]) as found:
            found.get_json(tool.address.replace("localhost", "survey.example"))
    assert looked_up == ["survey.example"]
    assert tool.asked[0].headers["Host"] == tool.address.replace("http://localhost", "survey.example")


def test_where_nobody_answers_at_one_address_the_next_one_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server listens at 127.0.0.1 alone."""
    really = socket.getaddrinfo

    def resolver(host: str, port: int, *more: Any, **named: Any) -> list[Any]:
        if host != "survey.example":
            return really(host, port, *more, **named)
        return [(2, 1, 6, "", (address, port)) for address in ("127.0.0.9", "127.0.0.1")]

    waits: list[float] = []
    with Saying(fine) as tool:
        monkeypatch.setattr(socket, "getaddrinfo", resolver)
        asking = unlimited(private_hosts=frozenset({"survey.example"}), wait=waits.append)
        with web(asking, ["survey.example"]) as found:
            page = found.get_json(tool.address.replace("localhost", "survey.example"))
    assert (page.json, len(tool.asked), waits) == ({"fine": True}, 1, [])


def unlimited(**more: Any) -> Asking:
    return asking_of({"to": "x"}, {}, **{"wait": lambda _: None, **more})


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with asked(fine) as (found, tool, _):
        assert found.get_json(tool.address).json == {"fine": True}


def test_credentials_go_to_the_host_that_was_asked_and_follow_no_redirect() -> None:
    with Saying(fine) as other, Saying(fine) as tool:
        tool.say = in_turn(Answer({}, 302, {"Location": "/moved"}), Answer({}, 302, {"Location": f"{other.address}/x"}))
        asking = unlimited(private_hosts=frozenset({"localhost"}))
        with (
            web(asking, ["localhost"], auth=("user", "pass")) as found,
            pytest.raises(SourceUnavailable, match=other.address) as refused,
        ):
            found.get_json(f"{tool.address}/first")
    assert refused.value.permanent
    assert [question.path for question in tool.asked] == ["/first", "/moved"]
    assert {question.headers["Authorization"] for question in tool.asked} == {"Basic dXNlcjpwYXNz"}
    assert other.asked == []


def test_nobodys_name_and_password_are_taken_from_an_address() -> None:
    with asked(fine) as (found, tool, _):
        named = tool.address.replace("http://", "http://who:what@")
        tool.say = in_turn(Answer({}, 302, {"Location": f"{named}/moved#part"}), Answer({"fine": True}))
        pages = [found.get_json(f"{named}/first#part"), found.get_json(f"{named}/second")]
    assert [page.url for page in pages] == [f"{tool.address}/moved", f"{tool.address}/second"]
    assert not any("Authorization" in question.headers for question in tool.asked)


def test_a_redirect_without_end_is_refused() -> None:
    with (
        asked(lambda _: Answer({}, 302, {"Location": "/again"})) as (found, tool, _),
        pytest.raises(SourceUnavailable, match="from address to address"),
    ):
        found.get_json(tool.address)
    assert len(tool.asked) == 5


def test_what_was_posted_is_not_asked_for_elsewhere() -> None:
    with (
        asked(in_turn(Answer({}, 303, {"Location": "/done"}), Answer({}))) as (found, tool, _),
        pytest.raises(SourceUnavailable, match="sends us on"),
    ):
        found.post_json(tool.address, {})
    assert len(tool.asked) == 1


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"Retry-After": "12"}, [12.0]),
        ({"Retry-After": "0"}, [0.0]),
        (MINUTE_SPENT, [41.0]),
        ({**MINUTE_SPENT, "Retry-After": "12"}, [12.0]),
        ({"Retry-After": "Sat, 21 Nov 2026 09:00:30 GMT", "Date": "Sat, 21 Nov 2026 09:00:00 GMT"}, [30.0]),
        ({"Retry-After": f"{NOW + timedelta(seconds=30):%a, %d %b %Y %H:%M:%S} GMT"}, [30.0]),  # by our own clock
        ({"Retry-After": "Sat, 21 Nov 2026 08:00:00 GMT", "Date": "Sat, 21 Nov 2026 09:00:00 GMT"}, [0.0]),
    ],
)
def test_a_busy_tool_is_asked_again_when_it_says(headers: dict[str, str], waits: list[float]) -> None:
    with asked(in_turn(Answer({}, 429, headers), Answer({"fine": 1}))) as (found, tool, waited):
        assert found.get_json(tool.address).json == {"fine": 1}
    assert waited == waits


@pytest.mark.parametrize("said", [
    {"Retry-After": "soon"}, {"Retry-After": "-5"}, {"Retry-After": ""},
    {"Retry-After": "Sat, 21 Nov 2026 09:00:30 +99999999999999999999"},
    {**MINUTE_SPENT, f"{LIMIT}-Minute-Reset": "soon"}, {**MINUTE_SPENT, f"{LIMIT}-Minute-Reset": "1795371101"},
])  # fmt: skip
def test_a_wait_that_nobody_can_read_is_a_growing_one_of_our_own(said: dict[str, str]) -> None:
    with (
        asked(lambda _: Answer({}, 503, said)) as (found, tool, waited),
        pytest.raises(SourceUnavailable, match="busy or broken"),
    ):
        found.get_json(tool.address)
    assert len(tool.asked) == 5
    assert len(waited) == 4
    assert waited == sorted(waited)
    assert 0 < waited[0] < waited[-1] < 60


@pytest.mark.parametrize(
    "said",
    [
        {"Retry-After": "43200"},
        {**MINUTE_SPENT, f"{LIMIT}-Day-Remaining": "0"},
        {"Retry-After": f"{LONGEST_WAIT + 1:.0f}"},
    ],
)
def test_a_tool_that_wants_to_be_left_alone_for_long_is(said: dict[str, str]) -> None:
    wanted = f"{float(said.get('Retry-After', 43200)):,.0f}"
    with (
        asked(lambda _: Answer({}, 429, said)) as (found, tool, waited),
        pytest.raises(SourceUnavailable, match=f"{wanted} s") as refused,
    ):
        found.get_json(tool.address)
    assert (len(tool.asked), waited, refused.value.permanent) == (1, [], False)


def test_a_server_that_is_not_there_is_tried_for_a_while() -> None:
    with asked(fine) as (found, tool, waited):
        gone = tool.address
    with asked(fine) as (found, _, waited), pytest.raises(SourceUnavailable, match="no whole answer") as refused:
        found.get_json(gone)
    assert (len(waited), refused.value.permanent) == (4, False)
    assert is_worth_retrying(refused.value)


def test_only_what_may_pass_is_worth_trying_again() -> None:
    assert not is_worth_retrying(SourceUnavailable("no", permanent=True))
    assert is_worth_retrying(SourceUnavailable("not now"))
    assert is_worth_retrying(StoreError("locked"))
    assert not is_worth_retrying(DeliveryError("no", permanent=True))


@pytest.mark.parametrize("status", [400, 404, 410, 418])
def test_a_question_that_the_tool_does_not_know_is_not_repeated(status: int) -> None:
    with (
        asked(lambda _: Answer({"message": "secret words"}, status)) as (found, tool, waited),
        pytest.raises(SourceUnavailable, match=f"answers {status} to /surveys/1") as refused,
    ):
        found.get_json(f"{tool.address}/surveys/1?q=2")
    assert (refused.value.permanent, waited) == (True, [])
    assert "secret words" not in str(refused.value)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_names_the_host_and_the_secret_to_look_at(status: int) -> None:
    with asked(lambda _: Answer({}, status)) as (found, tool, waited), pytest.raises(SourceUnavailable) as refused:
        found.get_json(tool.address)
    assert str(refused.value).startswith(f"localhost: the tool does not let us in ({status})")
    assert "token (HEARDBACK_SECRET_X)" in refused.value.do
    assert (refused.value.permanent, waited, len(tool.asked)) == (True, [], 1)


@pytest.mark.parametrize("secret", ["kept-with-its-line-break\n", "gehe\N{LATIN SMALL LETTER I WITH DIAERESIS}m"])
def test_a_secret_that_no_header_can_hold_is_named_and_not_sent(secret: str) -> None:
    with Saying(fine) as tool, pytest.raises(SourceUnavailable) as refused:
        asking = asking_of({"to": "x", "token": "HEARDBACK_SECRET_X"}, {}, private_hosts=frozenset({"localhost"}))
        with web(asking, ["localhost"], headers={"Authorization": f"Token {secret}"}) as found:
            found.get_json(tool.address)
    assert (refused.value.permanent, tool.asked) == (True, [])
    assert "token (HEARDBACK_SECRET_X)" in refused.value.do
    assert secret.strip() not in str(refused.value)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe{\x00}\x00", b"[" * 100_000, b"no"])
def test_what_is_not_json_is_said_to_be_none(body: bytes) -> None:
    with (
        asked(lambda _: Answer(body)) as (found, tool, _),
        pytest.raises(SourceUnavailable, match="not JSON") as refused,
    ):
        found.get_json(tool.address)
    assert refused.value.permanent


def test_the_number_of_an_error_is_told_and_nothing_else_of_it() -> None:
    with (
        asked(lambda _: Answer({"error": {"id": "1020", "message": "tok-123"}})) as (found, tool, _),
        pytest.raises(SourceUnavailable, match=r"with an error \(number 1020\)") as refused,
    ):
        found.get_json(tool.address)
    assert "tok-123" not in str(refused.value)


def test_errors_of_nothing_are_none() -> None:
    with asked(lambda _: Answer({"error": None, "errors": [], "result": 1})) as (found, tool, _):
        assert found.get_json(tool.address).json["result"] == 1


def test_the_limit_holds_for_all_pages_together() -> None:
    page = b'"' + b"a" * 399_998 + b'"'
    with asked(lambda _: Answer(page), max_megabytes=1) as (found, tool, _):
        found.get_json(tool.address)
        found.get_json(tool.address)
        with pytest.raises(SourceUnavailable, match="larger than the limit") as refused:
            found.get_json(tool.address)
    assert refused.value.permanent


def test_packed_answers_are_unpacked_and_no_further_than_the_limit() -> None:
    whole = gzip.compress(b'{"fine": 1}')
    packed = {"Content-Encoding": "gzip"}
    with asked(in_turn(Answer(whole, headers=packed), Answer(b"", headers={"Content-Encoding": "br"}))) as (
        found,
        tool,
        _,
    ):
        assert found.get_json(tool.address).content == b'{"fine": 1}'
        with pytest.raises(SourceUnavailable, match="packed in a way"):
            found.get_json(tool.address)


def test_a_bomb_does_not_unfold_in_memory() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    with asked(lambda _: Answer(bomb, headers={"Content-Encoding": "gzip"}), max_megabytes=1) as (found, tool, _):
        tracemalloc.start()
        with pytest.raises(SourceUnavailable, match="larger than the limit"):
            found.get_json(tool.address)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 10_000_000


@pytest.mark.parametrize(
    "broken", [b"no gzip", gzip.compress(b'{"fine": 1}', mtime=0)[:-12]], ids=["damaged", "cut short"]
)
def test_packed_answers_that_are_damaged_or_cut_short_are_asked_for_again(broken: bytes) -> None:
    packed = {"Content-Encoding": "gzip"}
    answers = in_turn(Answer(broken, headers=packed), Answer(gzip.compress(b'{"fine": 1}'), headers=packed))
    with asked(answers) as (found, tool, waited):
        assert found.get_json(tool.address).json == {"fine": 1}
    assert len(waited) == 1


def certified(folder: Path, host: str) -> tuple[Path, Path]:
    """A certificate for a host that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return folder / "certificate.pem", folder / "key.pem"


class Encrypted(Saying):
    """The same over TLS."""

    def behind(self, certificate: Path, key: Path) -> "Encrypted":
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        return self

    def serve(self, server: HTTPServer) -> None:
        server.socket = self.context.wrap_socket(server.socket, server_side=True)


@pytest.mark.parametrize(("host", "fits"), [("localhost", True), ("elsewhere.example", False)])
def test_a_certificate_must_be_the_hosts_though_its_address_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, fits: bool
) -> None:
    certificate, key = certified(tmp_path, host)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Encrypted(fine).behind(certificate, key) as tool:
        address = tool.address.replace("http:", "https:")
        with web(unlimited(private_hosts=frozenset({"localhost"})), ["localhost"]) as found:
            if fits:
                assert found.get_json(address).json == {"fine": True}
                return
            with pytest.raises(SourceUnavailable, match="certificate") as refused:
                found.get_json(address)
    assert refused.value.permanent
    assert "SSL_CERT_FILE" in refused.value.do
