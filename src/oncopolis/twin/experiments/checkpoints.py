"""Results kept as files while an experiment runs, so that a killed one goes on where it was."""

import contextlib
import hashlib
import os
import pickle
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oncopolis.foundation import ExternalError, InputError

_DIGEST_BYTES = hashlib.sha256().digest_size
_DIGEST = re.compile(r"[0-9A-Za-z_-]+")


@dataclass(frozen=True)
class Checkpoint:
    """A folder of results, one file for each replication of one experiment.

    Several experiments may share a folder: the digest tells their files apart, and a result whose inputs
    have changed is not found again. A folder that others can write to must not be trusted: results are
    read with pickle.
    """

    folder: Path
    inputs: str
    """Digest of all that results depend on but the replication number: letters, digits, ``-``, ``_``."""

    def __post_init__(self) -> None:
        if not _DIGEST.fullmatch(self.inputs):
            raise InputError(
                code="TWN-036",
                where="checkpoint",
                got=repr(self.inputs),
                expected="a digest: letters, digits, - and _",
                fix="give the hexadecimal digest of the inputs",
            )

    def get_path(self, number: int) -> Path:
        """Return the file of a replication."""
        return self.folder / f"{self.inputs}-{number}.result"

    def find(self, number: int) -> tuple[Any] | None:
        """Return a kept result in a tuple of one; None if there is none, or its file is damaged."""
        try:
            content = self.get_path(number).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._refuse(error) from error
        digest, pickled = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        if hashlib.sha256(pickled).digest() != digest:
            return None
        try:
            return (pickle.loads(pickled),)  # noqa: S301 - what this class wrote
        except (pickle.UnpicklingError, AttributeError, ImportError, TypeError, EOFError):
            return None  # written by another version

    def keep(self, number: int, result: object) -> None:
        """Write a result, whole or not at all.

        Raises
        ------
        ExternalError
            The folder cannot be written to, or the disk is full.
        """
        pickled = pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL)
        path = self.get_path(number)
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                file.write(hashlib.sha256(pickled).digest() + pickled)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, path)  # noqa: PTH105 - the name says that it is atomic
        except OSError as error:
            raise self._refuse(error) from error
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)

    def _refuse(self, error: OSError) -> ExternalError:
        return ExternalError(
            code="TWN-037",
            where=str(error.filename or self.folder),
            got=error.strerror or type(error).__name__,
            expected="a folder that can be read and written, with space left",
            fix="free space or give another folder; what was kept is found again",
        )
