"""Electronic signatures over records: a port, and one implementation (detached JWS, Ed25519).

A signature covers the canonical text of one version, so that it fails for any other. FHIR keeps it as
`Signature.data` with ``sigFormat`` ``application/jose``. Certificates that a country's law asks for come in
by another implementation of the same port.
"""

import base64
import json
from dataclasses import dataclass
from typing import Any, Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORMAT: Final = "application/jose"
_ALGORITHM: Final = "Ed25519"


class Signer(Protocol):
    """Signs in somebody's name."""

    key_id: str
    """By which the key that checks is found."""

    def sign(self, body: bytes) -> str:
        """Return a detached signature over the canonical text of a version."""


class Verifier(Protocol):
    """Checks signatures."""

    def is_good(self, body: bytes, signature: str) -> bool:
        """Whether this signature is over this text, by a key that is known."""


@dataclass(frozen=True, slots=True)
class JwsSigner:
    """A detached JWS with unencoded payload (RFC 7515, appendix F; RFC 7797; RFC 9864)."""

    key_id: str
    key: Ed25519PrivateKey

    def sign(self, body: bytes) -> str:
        """Return a detached signature over the canonical text of a version."""
        head = _to_head(self.key_id)
        return f"{head}..{_encode(self.key.sign(_join(head, body)))}"


@dataclass(frozen=True, slots=True)
class JwsVerifier:
    """Checks detached JWS.

    Parameters
    ----------
    keys
        Public keys by their ids; a signature by any other is not good.
    """

    keys: dict[str, Ed25519PublicKey]

    def is_good(self, body: bytes, signature: str) -> bool:
        """Whether this signature is over this text, by a key that is known."""
        head, _, rest = signature.partition("..")
        try:
            named: dict[str, Any] = json.loads(_decode(head))
            key = self.keys.get(str(named["kid"]))
            if key is None or head != _to_head(str(named["kid"])):
                return False
            key.verify(_decode(rest), _join(head, body))
        except (InvalidSignature, ValueError, KeyError, TypeError):
            return False
        return True


def _to_head(key_id: str) -> str:
    head = {"alg": _ALGORITHM, "b64": False, "crit": ["b64"], "kid": key_id}
    return _encode(json.dumps(head, separators=(",", ":")).encode())


def _join(head: str, body: bytes) -> bytes:
    return head.encode() + b"." + body


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.b64decode(
        text + "=" * (-len(text) % 4), altchars=b"-_", validate=True
    )  # structure: of base64
