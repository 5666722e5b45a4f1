"""Encryption of what is kept about one patient, so that destroying one key erases it everywhere.

A patient's data key lies in the database wrapped by the master key, which is in a file elsewhere.
Backups and copies of a database hold wrapped keys too: an erasure is complete once done in them as well.
"""

import base64
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from oncopolis.foundation.errors import ExternalError, InputError
from oncopolis.record.errors import GoneError
from oncopolis.record.store.session import RaceLost, Session

_KEY_BITS = 256  # structure: AES-256
_NONCE_BYTES = 12  # structure: of AES-GCM
_PRIVATE = 0o600  # structure: file mode, its owner only
_N_CACHED = 20_000  # structure: patients whose keys are kept unwrapped
_PAGE = 1_000  # structure: keys read at once
_ANY_KEY = "SELECT patient, wrapped FROM patient_key WHERE wrapped IS NOT NULL LIMIT 1"
_OPEN_PATIENTS = (
    "SELECT 1 FROM resource r JOIN version v ON v.rk = r.rk "
    "WHERE r.type = 'Patient' AND v.key_id IS NULL AND v.body IS NOT NULL LIMIT 1"
)


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The master key of a store."""

    master: bytes

    @classmethod
    def make(cls, path: Path) -> "Keys":
        """Make a new key file, for its owner only; never over another."""
        keys = cls(AESGCM.generate_key(_KEY_BITS))
        text = json.dumps({"key": base64.b64encode(keys.master).decode(), "cipher": "AES-256-GCM"})
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE)
        except OSError as error:
            raise _refuse_file(path, str(error.strerror)) from error
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return keys

    @classmethod
    def load(cls, path: Path) -> "Keys":
        """Read a key file."""
        try:
            master = base64.b64decode(json.loads(path.read_text("utf-8"))["key"], validate=True)
            AESGCM(master)
        except OSError as error:
            raise _refuse_file(path, str(error.strerror)) from error
        except (ValueError, KeyError, TypeError) as error:
            raise _refuse_file(path, "no key in it") from error
        return cls(master)


def _refuse_file(path: Path, got: str) -> InputError:
    return InputError(
        code="REC-054",
        where=str(path),
        got=got,
        expected="a key file",
        fix="name the file that was made with the database",
    )


class Vault:
    """Seals and opens bodies; used from any thread."""

    def __init__(self, keys: Keys | None) -> None:
        self._master = AESGCM(keys.master) if keys else None
        self._ciphers: dict[bytes, AESGCM] = {}
        self._lock = Lock()

    def check(self, session: Session) -> None:
        """Refuse a database that was written with other keys, or without, before anything is read."""
        self.check_master(session)
        if self._master is not None and has_open_patients(session):
            raise self._refuse("a key file")

    def check_master(self, session: Session) -> None:
        """Refuse keys of patients that another master key has wrapped."""
        for patient, wrapped in session.query(_ANY_KEY):
            self._unwrap(patient, bytes(wrapped))

    def wrap_anew(self, session: Session, other: "Vault") -> int:
        """Have every patient's key wrapped by another vault's master key; how many."""
        n_keys = last = 0
        while rows := session.query(
            "SELECT id, patient, wrapped FROM patient_key WHERE id > ? AND wrapped IS NOT NULL "
            "ORDER BY id LIMIT ?",
            (last, _PAGE),
        ):
            for key_id, patient, wrapped in rows:
                data_key = self._open_key(patient, bytes(wrapped))
                session.query(
                    "UPDATE patient_key SET wrapped = ? WHERE id = ?",
                    (other.wrap_key(patient, data_key), key_id),
                )
            n_keys, last = n_keys + len(rows), rows[-1][0]
        return n_keys

    def check_can_erase(self) -> None:
        """Refuse where nothing is sealed, and so nothing can be erased."""
        if self._master is None:
            raise InputError(
                code="REC-063",
                where="erasure",
                got="a database without keys",
                expected="one whose records are sealed",
                fix="begin a new database with a key file and copy the records",
            )

    def seal(
        self, session: Session, patient: str, place: str, body: bytes, protect: Callable[[], None]
    ) -> tuple[int | None, bytes]:
        """(number of the key or None, what is to be stored) for a body that belongs to ``patient``.

        Parameters
        ----------
        protect
            Called before the database is changed.

        Raises
        ------
        GoneError
            The patient was erased.
        """
        if self._master is None:
            return None, body
        key_id, wrapped = self._find_key(session, patient) or self._make_key(session, patient, protect)
        nonce = os.urandom(_NONCE_BYTES)
        return key_id, nonce + self._unwrap(patient, wrapped).encrypt(nonce, body, place.encode())

    def check_present(self, session: Session, patient: str) -> None:
        """`GoneError` for a patient who was erased."""
        if self._master is not None:
            self._find_key(session, patient)

    def open(self, patient: str, wrapped: bytes | None, place: str, stored: bytes) -> bytes | None:
        """The body, or None if the key was destroyed."""
        if wrapped is None:
            return None
        cipher = self._unwrap(patient, bytes(wrapped))
        try:
            return cipher.decrypt(stored[:_NONCE_BYTES], stored[_NONCE_BYTES:], place.encode())
        except InvalidTag as error:
            raise ExternalError(
                code="REC-072",
                where=place,
                got="a body that was changed in the database",
                expected="the body that was stored",
                fix="run a verification and compare with the last backup",
            ) from error

    @staticmethod
    def _find_key(session: Session, patient: str) -> tuple[int, bytes] | None:
        found = session.query("SELECT id, wrapped FROM patient_key WHERE patient = ?", (patient,))
        if not found:
            return None
        key_id, wrapped = found[0]
        if wrapped is None:
            raise GoneError(
                code="REC-055",
                where=f"Patient/{patient}",
                got="a record of a patient who was erased",
                expected="records of others",
                fix="register the person anew under another id",
            )
        return key_id, bytes(wrapped)

    def _make_key(self, session: Session, patient: str, protect: Callable[[], None]) -> tuple[int, bytes]:
        self.check_master(session)  # It may have been changed since this database was opened.
        wrapped = self.wrap_key(patient, AESGCM.generate_key(_KEY_BITS))
        protect()
        made = session.query(
            "INSERT INTO patient_key (patient, wrapped) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING id",
            (patient, wrapped),
        )
        if not made:
            raise RaceLost(patient)
        return int(made[0][0]), wrapped

    def wrap_key(self, patient: str, data_key: bytes) -> bytes:
        """A patient's key as it may lie in the database."""
        assert self._master is not None
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._master.encrypt(nonce, data_key, patient.encode())

    def _unwrap(self, patient: str, wrapped: bytes) -> AESGCM:
        """The cipher of a wrapped key; kept by its wrapping, as a rollback frees numbers of keys."""
        with self._lock:
            if cipher := self._ciphers.get(wrapped):
                return cipher
            data_key = self._open_key(patient, wrapped)
            if len(self._ciphers) >= _N_CACHED:
                self._ciphers.clear()
            cipher = self._ciphers[wrapped] = AESGCM(data_key)
            return cipher

    def _open_key(self, patient: str, wrapped: bytes) -> bytes:
        if self._master is None:
            raise self._refuse("no key file")
        try:
            return self._master.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], patient.encode())
        except InvalidTag as error:
            raise self._refuse("another key file") from error

    @staticmethod
    def _refuse(got: str) -> InputError:
        return InputError(
            code="REC-056",
            where="database",
            got=got,
            expected="the key file it was begun with, or none if it was begun without",
            fix="give that file",
        )


def has_open_patients(session: Session) -> bool:
    """Whether patients are kept as they are: the database was begun without keys."""
    return bool(session.query(_OPEN_PATIENTS))


def destroy_key(session: Session, patient: str, at_ms: int) -> dict[int, bool]:
    """Destroy a patient's key, and leave a mark that it was.

    Returns
    -------
    dict
        The rows of the records with versions it sealed, and whether the current one is among them.
    """
    key = session.query("SELECT id FROM patient_key WHERE patient = ?", (patient,))
    if not key:
        session.query("INSERT INTO patient_key (patient, destroyed_ms) VALUES (?, ?)", (patient, at_ms))
        return {}
    session.query(
        "UPDATE patient_key SET wrapped = NULL, destroyed_ms = COALESCE(destroyed_ms, ?) WHERE id = ?",
        (at_ms, key[0][0]),
    )
    rows = session.query(
        "SELECT r.rk, max(CASE WHEN v.version = r.version THEN 1 ELSE 0 END) FROM version v "
        "JOIN resource r ON r.rk = v.rk WHERE v.key_id = ? GROUP BY r.rk",
        key[0],
    )
    return {rk: bool(is_current) for rk, is_current in rows}
