"""What a centre decides, what its law asks for, and signatures over records."""

from dataclasses import fields
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OKPKey

from oncopolis.foundation.errors import InputError, NotFoundError
from oncopolis.record.access.law import Demand, get_law, list_countries
from oncopolis.record.access.locating import tell_location
from oncopolis.record.access.policy import get_policy
from oncopolis.record.access.practice import read_practice
from oncopolis.record.access.signing import JwsSigner, JwsVerifier

BODY = b'{"resourceType":"Consent","id":"k"}'


def test_every_demand_of_the_law_names_its_act() -> None:
    assert list_countries() == ("UZ", "RU", "KR")
    for country in list_countries():
        law = get_law(country)
        demands = [getattr(law, one.name) for one in fields(law) if one.name != "country"]
        assert all(isinstance(one, Demand) and one.law for one in demands)
        assert all(one.source.startswith("https://") for one in demands if one.seen == "secondary")
    assert get_law("UZ").location.value == "UZ"
    with pytest.raises(NotFoundError, match="REC-250"):
        get_law("XX")


def test_a_centre_decides_in_its_project(tmp_path: Path) -> None:
    assert read_practice(tmp_path) == read_practice()
    assert read_practice().disclosure == "withheld"
    (tmp_path / "access.yaml").write_text("disclosure: disclosed\n", "utf-8")
    assert read_practice(tmp_path).disclosure == "disclosed"
    assert read_practice(tmp_path).glass_minutes == read_practice().glass_minutes
    for said, roles in (
        ("nobody", frozenset()),
        ("everybody", get_policy().roles),
        ("[physician, administrator]", frozenset({"physician", "administrator"})),
    ):
        (tmp_path / "access.yaml").write_text(f"second_factor: {said}\n", "utf-8")
        assert read_practice(tmp_path).second_factor == roles


@pytest.mark.parametrize(
    "text",
    [
        "disclosure: maybe",
        "glass_minutes: 0",
        "glass_minutes: true",
        "colour: red",
        "[]",
        "glass_minutes: 9999",
        "retention_years: 0",
        "location: Tashkent",
        "location: 7",
        "retention_years: long",
        "second_factor: some",
        "second_factor: [physician, pilot]",
        "second_factor: [[]]",
        "second_factor: true",
    ],
)
def test_what_cannot_be_decided_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "access.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError, match="REC-246"):
        read_practice(tmp_path)


def test_data_stand_where_the_law_wants_them(tmp_path: Path) -> None:
    (tmp_path / "access.yaml").write_text("location: UZ\n", "utf-8")
    said = read_practice(tmp_path).location
    assert (said, read_practice().location) == ("UZ", None)
    for country in ("UZ", "UZB"):
        assert "as Law on Personal Data ZRU-547" in str(tell_location(country, said))
        assert "have to stay in UZ" in str(tell_location(country, None))
    with pytest.raises(InputError, match="REC-253"):
        tell_location("RUS", said)
    assert tell_location("KOR", said) == "data in UZ"
    assert tell_location("KOR", None) is None
    assert tell_location("DEU", None) is None


def test_a_signature_is_over_one_text_by_one_key() -> None:
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    signature = JwsSigner("dr-1", key).sign(BODY)
    verifier = JwsVerifier({"dr-1": key.public_key(), "dr-2": other.public_key()})
    assert verifier.is_good(BODY, signature)
    assert not verifier.is_good(BODY + b" ", signature)
    assert not verifier.is_good(BODY, JwsSigner("dr-1", other).sign(BODY))
    assert not verifier.is_good(BODY, JwsSigner("dr-3", key).sign(BODY))
    for broken in ("", "..", "a..b", signature[:-2], signature.replace("..", ".x."), f"x{signature}"):
        assert not verifier.is_good(BODY, broken)


def test_an_independent_library_accepts_the_signature() -> None:
    key = Ed25519PrivateKey.generate()
    signature = JwsSigner("dr-1", key).sign(BODY)
    known = OKPKey.import_key(
        {"kty": "OKP", "crv": "Ed25519", "x": _to_x(key)},
    )
    registry = jws.JWSRegistry(algorithms=["Ed25519"])
    found = jws.deserialize_compact(signature, known, payload=BODY, registry=registry)
    assert found.payload == BODY


def _to_x(key: Ed25519PrivateKey) -> str:
    import base64

    return base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).decode().rstrip("=")
