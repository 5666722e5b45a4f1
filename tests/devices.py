"""A device with passkeys inside, as the browser hands its answers on (WebAuthn level 2)."""

import hashlib
import json
import os
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url as encode

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


class Device:
    """One key."""

    def __init__(self, domain: str, origin: str) -> None:
        self.domain, self.origin = domain, origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.uses = os.urandom(16), 0

    def _describe(self, flags: int) -> bytes:
        self.uses += 1
        return hashlib.sha256(self.domain.encode()).digest() + bytes([flags]) + struct.pack(">I", self.uses)

    def _say(self, kind: str, challenge: str) -> bytes:
        said = {
            "type": f"webauthn.{kind}",
            "challenge": challenge,
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, bytes]) -> str:
        texts = {name: encode(value) for name, value in response.items()}
        name = encode(self.id)
        answer = {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "clientExtensionResults": {},
            "response": texts,
        }
        return json.dumps(answer)

    def make(self, options: dict[str, Any], flags: int = PRESENT | VERIFIED) -> str:
        numbers = self.key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        made = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(key)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._describe(flags | WITH_KEY) + made}
        said = self._say("create", options["challenge"])
        return self._answer({"clientDataJSON": said, "attestationObject": cbor2.dumps(attestation)})

    def prove(self, options: dict[str, Any], flags: int = PRESENT | VERIFIED) -> str:
        described, said = self._describe(flags), self._say("get", options["challenge"])
        signature = self.key.sign(described + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": said, "authenticatorData": described, "signature": signature})
