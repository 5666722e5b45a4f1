"""What a link carries: its number and the day it ends, signed by the house; nothing of the patient.

The signature is checked before anything is looked up, so that guessing tells nothing about what is there.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from secrets import token_hex

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey

from oncopolis.record.accounts.keyring import Keyring

_ID_BYTES = 16  # structure: of randomness in a number, more than anybody can guess
_UNTIL_BYTES = 6  # structure: enough for milliseconds since 1970
_HEAD = _ID_BYTES + _UNTIL_BYTES
_HALF = 32  # structure: bytes of each of the two numbers of a signature on P-256
_LONGEST = 200  # structure: characters; longer than any link of ours
_PURPOSE = b"oncopolis journey\x00"
_HASH = ECDSA(SHA256())


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a good link says.

    Parameters
    ----------
    until_ms
        Until when it can be opened for the first time, milliseconds since 1970 (UTC).
    """

    id: str
    until_ms: int


def make_number() -> str:
    """Return the number of a new link."""
    return token_hex(_ID_BYTES)


def sign(keyring: Keyring, claimed: Claimed) -> str:
    """Return the text of a link."""
    head = bytes.fromhex(claimed.id) + claimed.until_ms.to_bytes(_UNTIL_BYTES, "big")
    signature = keyring.get_key().private_key.sign(_PURPOSE + head, _HASH)  # type: ignore[union-attr]
    numbers = (number.to_bytes(_HALF, "big") for number in decode_dss_signature(signature))
    return urlsafe_b64encode(head + b"".join(numbers)).rstrip(b"=").decode()


def read(keyring: Keyring, text: str) -> Claimed | None:
    """Return what a link says; None if the house did not sign it, or anything of it was changed."""
    raw = _decode(text)
    if raw is None:
        return None
    head, signature = raw[:_HEAD], raw[_HEAD:]
    if not any(_is_by(key, signature, head) for key in keyring.get_known().keys):
        return None
    return Claimed(head[:_ID_BYTES].hex(), int.from_bytes(head[_ID_BYTES:], "big"))


def _is_by(key: object, signature: bytes, head: bytes) -> bool:
    if not isinstance(key, ECKey):
        return False
    first, second = (int.from_bytes(half, "big") for half in (signature[:_HALF], signature[_HALF:]))
    try:
        key.public_key.verify(encode_dss_signature(first, second), _PURPOSE + head, _HASH)
    except InvalidSignature:
        return False
    return True


def _decode(text: str) -> bytes | None:
    """Return the bytes of a text that is written in the one way there is."""
    if not text.isascii() or len(text) > _LONGEST:
        return None
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))  # structure: groups of base64
    except (binascii.Error, ValueError):
        return None
    is_canonical = urlsafe_b64encode(raw).rstrip(b"=").decode() == text
    return raw if is_canonical and len(raw) == _HEAD + 2 * _HALF else None
