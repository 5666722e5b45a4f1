"""How the server faces the network: address, certificate, proxies; tokens from the command line."""

import datetime as dt
import socket
import ssl
from pathlib import Path

import httpx
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.doors import add_administrator, make_desk, run

from oncopolis.cli.entry import run as run_command
from oncopolis.foundation import InputError
from oncopolis.record.access import Caller
from oncopolis.record.store import Store, open_store
from oncopolis.record.types import Who
from oncopolis.web.app import make_app
from oncopolis.web.login.front import Facing, Front, may_operate


def make_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, private


def make_front(store: Store, facing: Facing, listener: socket.socket, host: str = "127.0.0.1") -> Front:
    return Front(store, None, facing, listener, host, "Centre")


def test_a_certificate_makes_the_server_speak_tls(store: Store, tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    facing = Facing(certificate=certificate, certificate_key=key)
    facing.check()
    listener = socket.create_server(("127.0.0.1", 0))
    front = make_front(store, facing, listener)
    assert front.house.base.startswith("https://localhost:")
    app = front.shield(make_app(store, pages=front.pages, gate=front.gate))
    context = uvicorn.Config(app, **facing.make_options())
    context.load()
    assert context.ssl is not None
    assert context.ssl.minimum_version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.MINIMUM_SUPPORTED)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with run(app, listener, **facing.make_options()), httpx.Client(verify=trusting) as client:
        answer = client.get(f"{front.house.base}/login")
        assert "__Host-form" in answer.headers["set-cookie"]
        assert "Secure" in answer.headers["set-cookie"]
        assert "max-age=63072000" in answer.headers["strict-transport-security"]
        assert client.get(f"{front.house.base}/fhir/Patient").status_code == 401
        assert client.get(f"{front.house.base}/fhir/metadata").status_code == 200


def test_proxies_are_believed_when_named_only() -> None:
    assert Facing().make_options() == {"proxy_headers": False}
    assert Facing(proxies="10.0.0.1").make_options() == {
        "proxy_headers": True,
        "forwarded_allow_ips": "10.0.0.1",
    }


@pytest.mark.parametrize("base", ["centre.example", "ftp://x", "https://x/path", "https://", "javascript:x"])
def test_addresses_that_are_none_are_refused(base: str) -> None:
    with pytest.raises(InputError, match="REC-294"):
        Facing(base=base).check()


def test_certificates_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("nothing", "utf-8")
    for name in ("x.pem", "none.pem"):
        with pytest.raises(InputError, match="REC-294"):
            Facing(certificate=tmp_path / name).check()


def test_the_first_start_prints_a_link_until_there_is_an_administrator(store: Store) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        front = make_front(store, Facing(), listener)
        lines = front.list_lines()
        assert len(lines) == 1
        assert f"{front.house.base}/login/link/" in lines[0]
        add_administrator(make_desk(store)[0])
        assert front.list_lines() == []


def test_other_machines_call_by_https_unless_somebody_says_otherwise(store: Store) -> None:
    with socket.create_server(("0.0.0.0", 0)) as listener:
        with pytest.raises(InputError, match="WEB-440"):
            make_front(store, Facing(), listener, "0.0.0.0")
        make_front(store, Facing(base="https://centre.test"), listener, "0.0.0.0")
        front = make_front(store, Facing(may_be_open=True), listener, "0.0.0.0")
        assert front.list_lines()[0].startswith("not encrypted")


def test_who_may_operate() -> None:
    somebody = Who("Person", "x")
    assert may_operate(Caller(somebody, frozenset({"administrator"})))
    assert may_operate(Caller(somebody, frozenset({"administrator"}), scopes=("system/*.cruds",)))
    assert not may_operate(Caller(somebody, frozenset({"administrator"}), scopes=("system/*.rs",)))
    assert not may_operate(Caller(somebody, frozenset({"physician"})))


def test_tokens_and_accounts_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'record.db'}"
    open_store(url).close()
    place = [str(tmp_path), "--database", url]
    assert run_command(["token", *place, "--scope", "system/*.rs", "--days", "1", "--name", "loader"]) == 0
    assert capsys.readouterr().out.startswith("onc_")
    assert run_command(["token", *place, "--scope", "king", "--days", "1"]) == 2
    assert "REC-261" in capsys.readouterr().err
    assert run_command(["token", *place, "--scope", "system/*.rs", "--days", "1", "--role", "king"]) == 2
    assert run_command(["account", *place, "add", "kim", "--role", "administrator", "--name", "Kim"]) == 0
    assert "/login/link/" in capsys.readouterr().out
    assert run_command(["account", *place]) == 0
    assert "kim: Kim, administrator, may sign in" in capsys.readouterr().out
    assert run_command(["account", *place, "disable", "kim"]) == 2
    assert run_command(["account", *place, "link", "nobody"]) == 2
    assert run_command(["account", *place, "link"]) == 2
