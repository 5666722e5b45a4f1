"""Encrypted files: AES-256-GCM in numbered chunks, the last one marked, so that cutting one short is seen.

::

    what it is, salt, check of the key, chunk 0, chunk 1, ... last chunk

The key of each file comes from the master key by HKDF with the file's own salt, so numbers do as nonces.
"""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from oncopolis.foundation.errors import ConflictError, InputError
from oncopolis.record.store.keys import Keys

_MAGIC = b"oncopolis sealed 1\n"
_LABEL = b"oncopolis sealed file"
_SALT_BYTES, _CHECK_BYTES, _KEY_BYTES = 16, 16, 32  # structure: form of the file; AES-256
_COUNTER_BYTES = 11  # structure: a nonce of AES-GCM less the byte that marks the last chunk
_CHUNK_BYTES = 1 << 20  # structure: clear bytes of a chunk
_SEALED_BYTES = _CHUNK_BYTES + 16  # structure: with the tag of AES-GCM


def _derive(keys: Keys, salt: bytes) -> tuple[AESGCM, bytes]:
    """Cipher of a file, and what tells whether a key file is the right one."""
    made = HKDF(SHA256(), _KEY_BYTES + _CHECK_BYTES, salt, _LABEL).derive(keys.master)
    return AESGCM(made[:_KEY_BYTES]), made[_KEY_BYTES:]


def _make_nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(_COUNTER_BYTES) + bytes([is_last])


class Sealer:
    """Writes an encrypted file from its beginning to its end.

    Attributes
    ----------
    digest
        SHA-256 of what was written to the file so far.
    n_bytes
        Its length so far.
    """

    def __init__(self, file: BinaryIO, keys: Keys) -> None:
        self._file, self.digest, self.n_bytes = file, sha256(), 0
        self._number, self._waiting = 0, bytearray()
        salt = os.urandom(_SALT_BYTES)
        self._cipher, check = _derive(keys, salt)
        self._put(_MAGIC + salt + check)

    def write(self, data: bytes) -> None:
        """Add to the content."""
        self._waiting += data
        while len(self._waiting) > _CHUNK_BYTES:
            self._seal(bytes(self._waiting[:_CHUNK_BYTES]), is_last=False)
            del self._waiting[:_CHUNK_BYTES]

    def finish(self) -> None:
        """Write the last chunk."""
        self._seal(bytes(self._waiting), is_last=True)

    def _seal(self, clear: bytes, *, is_last: bool) -> None:
        self._put(self._cipher.encrypt(_make_nonce(self._number, is_last=is_last), clear, _MAGIC))
        self._number += 1

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self.digest.update(data)
        self.n_bytes += len(data)


@contextmanager
def seal_file(path: Path, keys: Keys) -> Iterator[Sealer]:
    """Write an encrypted file for its owner only: there, whole and on the disk afterwards, or not at all.

    Raises
    ------
    ConflictError
        There is something at ``path``.
    OSError
        It cannot be written.
    """
    refuse_over(path)
    handle, unfinished = mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            sealer = Sealer(file, keys)
            yield sealer
            sealer.finish()
            file.flush()
            os.fsync(file.fileno())
        refuse_over(path)
        Path(unfinished).rename(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def refuse_over(path: Path) -> None:
    """Refuse to write where something is."""
    if path.exists():
        raise ConflictError(
            code="REC-151",
            where=str(path),
            got="something that is there",
            expected="a place where nothing is",
            fix="choose another name, or move it away",
        )


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


class _Opened(io.RawIOBase):
    """Content of an encrypted file; nothing of a chunk is given before it was checked."""

    def __init__(self, file: BinaryIO, path: Path, keys: Keys) -> None:
        super().__init__()
        self._file, self._path = file, path
        self._number, self._clear = 0, memoryview(b"")
        if file.read(len(_MAGIC)) != _MAGIC:
            raise self._refuse("another kind of file", "give a file this program has written")
        self._cipher, check = _derive(keys, file.read(_SALT_BYTES))
        if file.read(_CHECK_BYTES) != check:
            raise self._refuse("a file of another key", "give the key file it was written with")
        self._start = file.tell()
        self._next: bytes = file.read(_SEALED_BYTES)
        self._is_over = False
        self._at = 0

    def _refuse(self, got: str, fix: str) -> InputError:
        return InputError(
            code="REC-152", where=str(self._path), got=got, expected="a whole encrypted file", fix=fix
        )

    def readable(self) -> bool:
        return True

    def readinto(self, target: object) -> int:
        assert isinstance(target, memoryview | bytearray)
        while not self._clear and not self._is_over:
            self._open_next()
        n_bytes = min(len(target), len(self._clear))
        target[:n_bytes] = self._clear[:n_bytes]
        self._clear = self._clear[n_bytes:]
        self._at += n_bytes
        return n_bytes

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a byte of the content, counted from its beginning."""
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation("an encrypted file is sought from its beginning")
        number, rest = divmod(offset, _CHUNK_BYTES)
        self._file.seek(self._start + number * _SEALED_BYTES)
        self._number, self._clear, self._at = number, memoryview(b""), offset
        self._next = self._file.read(_SEALED_BYTES)
        self._is_over = not self._next
        if not self._is_over:
            self._open_next()
            self._clear = self._clear[rest:]
        return offset

    def _open_next(self) -> None:
        sealed, self._next = self._next, self._file.read(_SEALED_BYTES)
        self._is_over = not self._next
        try:
            clear = self._cipher.decrypt(_make_nonce(self._number, is_last=self._is_over), sealed, _MAGIC)
        except InvalidTag as error:
            raise self._refuse("a file that was changed or cut short", "take another copy of it") from error
        self._number += 1
        self._clear = memoryview(clear)


def is_of(path: Path, keys: Keys) -> bool:
    """Whether an encrypted file was written with these keys; of what is none, opening it tells."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return True
        _, check = _derive(keys, file.read(_SALT_BYTES))
        return file.read(_CHECK_BYTES) == check


@contextmanager
def open_sealed(path: Path, keys: Keys) -> Iterator[io.BufferedReader]:
    """Content of an encrypted file.

    Raises
    ------
    InputError
        It is another file, of another key, changed or cut short; perhaps only when that part is read.
    OSError
        It cannot be read.
    """
    with path.open("rb") as file:
        yield io.BufferedReader(_Opened(file, path, keys), _CHUNK_BYTES)
