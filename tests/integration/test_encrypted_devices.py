"""A broker that is heard over TLS alone: known by its certificate, and asking for ours or for a password."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import aiomqtt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from tests.integration.test_devices import Ears, find_port, needs_broker, run_broker, wait_for

from oncopolis.foundation import InputError
from oncopolis.interop.devices.listening import Listening
from oncopolis.interop.devices.settings import FILE, Devices, find_devices

PASSWD = shutil.which("mosquitto_passwd") or "/usr/bin/mosquitto_passwd"
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""paho leaves the socket of a handshake that has failed to the collector."""
USER, PASSWORD = "tanks", "kept in a file"


class Authority:
    """Vouches for brokers and for who hears them."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name, self.key = folder, name, generate_private_key(SECP256R1())
        self._write(name, self._sign(name, self.key, is_authority=True), self.key, NoEncryption())

    def vouch_for(self, name: str, encryption: KeySerializationEncryption | None = None) -> None:
        """Write ``<name>.pem`` and ``<name>.key``; a broker is known as 127.0.0.1."""
        key = generate_private_key(SECP256R1())
        self._write(name, self._sign(name, key, is_authority=False), key, encryption or NoEncryption())

    def _sign(self, name: str, key: EllipticCurvePrivateKey, *, is_authority: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(_name(name)).issuer_name(_name(self.name)).public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        )  # fmt: skip
        if name == "broker":
            known_as = x509.IPAddress(IPv4Address("127.0.0.1"))
            made = made.add_extension(x509.SubjectAlternativeName([known_as]), critical=False)
        return made.sign(self.key, SHA256())

    def _write(
        self,
        name: str,
        certificate: x509.Certificate,
        key: EllipticCurvePrivateKey,
        encryption: KeySerializationEncryption,
    ) -> None:
        (self.folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
        (self.folder / f"{name}.key").write_bytes(secret)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with certificates beside its settings."""
    made = tmp_path / "devices"
    made.mkdir()
    authority = Authority(made, "hospital")
    for name in ("broker", "ours"):
        authority.vouch_for(name)
    authority.vouch_for("locked", BestAvailableEncryption(b"a passphrase"))
    Authority(made, "somebody")
    (made / "password").write_text(f"{PASSWORD}\n")
    (made / "wrong").write_text("guessed\n")
    return made


def read_settings(folder: Path, port: int, more: str) -> Devices:
    (folder.parent / FILE).write_text(f"mqtt:\n  host: 127.0.0.1\n  port: {port}\n{more}")
    devices = find_devices(folder.parent)
    assert devices is not None
    return devices


@contextmanager
def run_encrypted(folder: Path, port: int, *more: str) -> Iterator[None]:
    """A broker that speaks TLS alone."""
    # Started by root it would become somebody who may not read what a test has written.
    said = [
        "user root",
        f"cafile {folder}/hospital.pem",
        f"certfile {folder}/broker.pem",
        f"keyfile {folder}/broker.key",
    ]
    with run_broker(folder, port, *said, *more):
        yield


def publish(folder: Path, port: int, user: str | None = None) -> None:
    """Send one reading as a gateway does that is vouched for and signs in."""
    context = ssl.create_default_context(cafile=folder / "hospital.pem")
    context.load_cert_chain(folder / "ours.pem", folder / "ours.key")

    async def send() -> None:
        gateway = aiomqtt.Client(
            "127.0.0.1", port, username=user, password=user and PASSWORD, tls_context=context
        )
        async with gateway:
            await gateway.publish("oncopolis/T01/temperature", b"-187.5", qos=1)

    asyncio.run(send())


def listen(devices: Devices, ears: Ears, said: list[str]) -> Listening:
    return Listening(devices, ears.take, ears.park, said.append)


@needs_broker
def test_a_broker_that_asks_for_a_certificate_is_heard_over_tls(folder: Path) -> None:
    port, ears, said = find_port(), Ears(), list[str]()
    ours = "  tls: {ca: hospital.pem, certificate: ours.pem, key: ours.key}\n"
    with run_encrypted(folder, port, "require_certificate true", "allow_anonymous true"):
        with listen(read_settings(folder, port, ours), ears, said):
            wait_for(lambda: said and "heard" in said[-1])
            publish(folder, port)
            wait_for(lambda: ears.heard)
        assert [one.value for one in ears.heard] == [-187.5]
        nobody = read_settings(folder, port, "  tls: {ca: hospital.pem}\n")
        with listen(nobody, ears, said := []):
            wait_for(lambda: said)
        assert "away" in said[0]


@needs_broker
def test_a_broker_that_nobody_vouches_for_is_not_believed(folder: Path) -> None:
    port = find_port()
    with run_encrypted(folder, port, "allow_anonymous true"):
        for tls in ("{ca: somebody.pem}", "{}"):
            said: list[str] = []
            with listen(read_settings(folder, port, f"  tls: {tls}\n"), Ears(), said):
                wait_for(said.__len__)
            assert "away" in said[0]
            assert "certificate" in said[0].lower()


@needs_broker
def test_the_password_is_in_a_file_and_a_new_one_counts_at_the_next_connection(folder: Path) -> None:
    subprocess.run([PASSWD, "-b", "-c", folder / "users", USER, PASSWORD], check=True, capture_output=True)
    port, ears, said = find_port(), Ears(), list[str]()
    signed_in = f"  tls: {{ca: hospital.pem}}\n  user: {USER}\n  password_file: wrong\n"
    with (
        run_encrypted(folder, port, "allow_anonymous false", f"password_file {folder}/users"),
        listen(read_settings(folder, port, signed_in), ears, said),
    ):
        wait_for(lambda: said and "away" in said[-1])
        (folder / "wrong").write_text(f"{PASSWORD}\n")
        wait_for(lambda: "heard" in said[-1])
        publish(folder, port, USER)
        wait_for(lambda: ears.heard)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("tls: {ca: none.pem}", "none.pem is none"),
        ("tls: {ca: password}", "as PEM"),
        ("tls: {certificate: ours.pem, key: broker.key}", "as PEM"),
        ("tls: {certificate: locked.pem, key: locked.key}", "without passphrase"),
        ("tls: {key: ours.key}", "a key goes with a certificate"),
        ("tls: {trust: everybody}", "only known keys"),
        ("password_file: none", "none is none"),
    ],
)
def test_files_that_cannot_be_used_stop_the_start_and_name_their_line(
    folder: Path, said: str, told: str
) -> None:
    with pytest.raises(InputError, match=told) as raised:
        read_settings(folder, 1883, f"  {said}\n")
    assert "settings.yaml:4" in str(raised.value)
    assert "INT-051" in str(raised.value)


@pytest.mark.parametrize(("said", "port"), [("", 1883), (", tls: {}", 8883)])
def test_the_port_follows_from_the_encryption(folder: Path, said: str, port: int) -> None:
    (folder.parent / FILE).write_text(f"mqtt: {{host: broker{said}}}\n")
    devices = find_devices(folder.parent)
    assert devices is not None
    assert devices.mqtt is not None
    assert devices.mqtt.port == port
