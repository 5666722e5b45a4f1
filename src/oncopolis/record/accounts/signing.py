"""Keys that sign what we tell programs: in the database, sealed by the master key where there is one."""

import json
import os
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc.jwk import ECKey

from oncopolis.foundation.errors import InputError
from oncopolis.record.store.keys import Keys
from oncopolis.record.store.session import Session

ALGORITHM = "ES256"
_CURVE = "P-256"
_KEY_BYTES = 32  # structure: AES-256
_NONCE_BYTES = 12  # structure: of AES-GCM
_DAY_MS = 86_400_000  # structure: milliseconds of a day
YOUNG_MS = 90 * _DAY_MS  # structure: default of a setting: a key signs for three months
KEPT_MS = YOUNG_MS + 7 * _DAY_MS  # structure: and is known a week longer, more than any token lives


class Seal:
    """Seals signing keys; without a master key they lie open in the database."""

    def __init__(self, keys: Keys | None) -> None:
        self._cipher: AESGCM | None = None
        if keys is not None:
            derived = HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"oncopolis signing keys")
            self._cipher = AESGCM(derived.derive(keys.master))

    def close(self, id_: str, text: bytes) -> tuple[bytes, bool]:
        """Return what is stored, and whether it is sealed."""
        if self._cipher is None:
            return text, False
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text, id_.encode()), True

    def open(self, id_: str, stored: bytes, *, is_sealed: bool) -> bytes:
        """Return the key.

        Raises
        ------
        InputError
            It was sealed with another master key.
        """
        if not is_sealed:
            return stored
        try:
            if self._cipher is not None:
                return self._cipher.decrypt(stored[:_NONCE_BYTES], stored[_NONCE_BYTES:], id_.encode())
        except InvalidTag:
            pass
        raise InputError(
            code="REC-262",
            where="signing key",
            got="another key file, or none",
            expected="the key file the database was begun with",
            fix="give that file with --keys",
        )


def list_keys(session: Session, seal: Seal, now_ms: int) -> list[tuple[int, ECKey]]:
    """Keys with the time they were made at, milliseconds since 1970 (UTC), newest first."""
    rows = session.query(
        "SELECT id, stored, sealed, made_ms FROM signing_key WHERE made_ms > ? ORDER BY made_ms DESC, id",
        (now_ms - KEPT_MS,),
    )
    return [
        (made_ms, ECKey.import_key(json.loads(seal.open(id_, bytes(stored), is_sealed=bool(sealed)))))
        for id_, stored, sealed, made_ms in rows
    ]


def add_key(session: Session, seal: Seal, key: ECKey, now_ms: int) -> None:
    """Store a new key, and remove those nobody needs."""
    id_ = str(key.kid)
    stored, is_sealed = seal.close(id_, json.dumps(key.as_dict(private=True)).encode())
    session.query(
        "INSERT INTO signing_key (id, stored, sealed, made_ms) VALUES (?, ?, ?, ?)",
        (id_, stored, int(is_sealed), now_ms),
    )
    session.query("DELETE FROM signing_key WHERE made_ms <= ?", (now_ms - KEPT_MS,))


def make_key() -> ECKey:
    """Make a key."""
    return ECKey.generate_key(_CURVE, {"kid": str(uuid4()), "use": "sig", "alg": ALGORITHM})


def check_seals(session: Session, seal: Seal) -> None:
    """`InputError` if a key was sealed with another master key."""
    for id_, stored in session.query("SELECT id, stored FROM signing_key WHERE sealed = 1"):
        seal.open(id_, bytes(stored), is_sealed=True)


def remove_keys(session: Session) -> None:
    """Remove all keys: tokens they signed are refused, and new ones are made when they are needed."""
    session.query("DELETE FROM signing_key")
