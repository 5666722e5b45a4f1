"""A file into the record: in batches that are each all or nothing; a repeated file does nothing twice."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final

from oncopolis.foundation.errors import ExternalError, OncopolisError
from oncopolis.interop.drop.forms import FORMS
from oncopolis.interop.drop.mappings import Mapping_
from oncopolis.interop.drop.rows import Bad, Row, read_rows
from oncopolis.interop.drop.stating import Reader, explain
from oncopolis.interop.instants import to_instant
from oncopolis.interop.mapping.stating import Statement, make_id
from oncopolis.interop.messages.applying import Applier, Origin
from oncopolis.interop.messages.keeping import make_source
from oncopolis.interop.naming import SYSTEM
from oncopolis.interop.overlay.watching import KIND
from oncopolis.interop.settings import Settings
from oncopolis.record import Act, Who
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store, Transaction

__all__ = ["Loaded", "Loader"]

BATCH: Final = 50  # structure: rows that are stored together; others who write wait for so many
FILE: Final = "file"
"""Code of the records that name the files."""
_BLOCK: Final = 1 << 20  # structure: bytes read at once


@dataclass
class Loaded:
    """What became of a file.

    Parameters
    ----------
    is_repeated
        Whether the very same file was loaded before.
    """

    n_good: int = 0
    n_bad: int = 0
    n_conflicts: int = 0
    is_repeated: bool = False


class _RowFault(Exception):  # noqa: N818 - what happened
    """A row that had already written when it failed: its batch is done again without it."""

    def __init__(self, bad: Bad) -> None:
        super().__init__(bad)
        self.bad = bad


@dataclass(frozen=True)
class Loader:
    """Loads the files of partners."""

    store: Store
    settings: Settings

    def load(self, path: Path, mapping: Mapping_, tell: Callable[[Bad], None]) -> Loaded:
        """Store the good rows of a file, and tell the bad ones.

        Raises
        ------
        InputError
            The file as a whole cannot be read.
        ExternalError
            The record cannot be written now; what was stored by then is not stored again.
        """
        digest = _compute_digest(path, mapping)
        document_id = make_id(FILE, mapping.partner, digest)
        before = self.store.read("DocumentReference", document_id)
        if before is not None and before.body and not json.loads(parse(before.body)["description"])["bad"]:
            return Loaded(is_repeated=True)
        # A file with bad rows is tried again: what they lacked may be there now; good rows change nothing.
        attempt = f"{digest}:{before.version if before else 0}"
        loaded = Loaded()
        reader = Reader(mapping, self.settings.get_naming(mapping.partner))
        rows = read_rows(path, mapping)
        while batch := list(islice(rows, BATCH)):
            self._load_batch(batch, reader, attempt, loaded, tell)
        self._finish(path, mapping, digest, document_id, loaded)
        return loaded

    def _load_batch(
        self,
        batch: Sequence[Row | Bad],
        reader: Reader,
        attempt: str,
        loaded: Loaded,
        tell: Callable[[Bad], None],
    ) -> None:
        statements: list[tuple[Row, Statement]] = []
        bad: list[Bad] = []
        for row in batch:
            stated = row if isinstance(row, Bad) else reader.read(row)
            if isinstance(stated, Bad):
                bad.append(stated)
            elif isinstance(row, Row):
                statements.append((row, stated))
        done = self._store(statements, reader, attempt, batch[0].line)
        bad += [Bad(*one) for one in done["bad"]]
        loaded.n_good += len(batch) - len(bad)
        loaded.n_bad += len(bad)
        loaded.n_conflicts += done["conflicts"]
        for one in sorted(bad, key=lambda one: one.line):
            tell(one)

    def _store(
        self, statements: Sequence[tuple[Row, Statement]], reader: Reader, attempt: str, line: int
    ) -> dict[str, Any]:
        partner = reader.mapping.partner
        key = f"drop:{partner}:{attempt}:{line}"
        act = Act("E", f"load {reader.mapping.form}", Who(KIND, partner), key, "HOPERAT")
        faults: dict[int, Bad] = {}
        while True:
            command = self._make_command(statements, reader, attempt.partition(":")[0], dict(faults))
            try:
                return self.store.submit(command, act, key=key).result()
            except _RowFault as fault:
                faults[fault.bad.line] = fault.bad

    def _make_command(
        self,
        statements: Sequence[tuple[Row, Statement]],
        reader: Reader,
        digest: str,
        faults: dict[int, Bad],
    ) -> Callable[[Transaction], dict[str, Any]]:
        partner = reader.mapping.partner

        def command(transaction: Transaction) -> dict[str, Any]:
            bad = list(faults.values())
            n_conflicts = 0
            for row, statement in statements:
                if row.line in faults:
                    continue
                source = make_source(partner, f"{digest[:16]}:{row.line}")
                origin = Origin(partner, source, make_id(FILE, partner, digest))
                applier = Applier(transaction, self.settings, origin)
                n_before = len(transaction.touched)
                try:
                    applier.apply(statement)
                except ExternalError:
                    raise
                except OncopolisError as error:
                    told = explain(row.line, error, FORMS[reader.mapping.form], row.values)
                    if len(transaction.touched) > n_before:
                        raise _RowFault(told) from error
                    bad.append(told)
                n_conflicts += len(applier.conflicts)
            return {
                "bad": [[one.line, one.column, one.value, one.expected] for one in bad],
                "conflicts": n_conflicts,
            }

        return command

    def _finish(self, path: Path, mapping: Mapping_, digest: str, document_id: str, loaded: Loaded) -> None:
        """Keep that the file was loaded; the file itself is kept in its folder."""
        size = path.stat().st_size

        def command(transaction: Transaction) -> None:
            transaction.put(
                {
                    "resourceType": "DocumentReference",
                    "id": document_id,
                    "meta": {"source": make_source(mapping.partner, digest[:16])},
                    "masterIdentifier": {"system": f"{SYSTEM}:{mapping.partner}:file", "value": digest},
                    "status": "current",
                    "docStatus": "final",
                    "type": {"coding": [{"system": SYSTEM, "code": FILE}]},
                    "date": to_instant(transaction.now_ms),
                    "description": json.dumps({"good": loaded.n_good, "bad": loaded.n_bad}),
                    "content": [
                        {"attachment": {"contentType": "text/csv", "title": path.name, "size": size}}
                    ],
                }
            )

        act = Act("E", f"loaded {mapping.form}", Who(KIND, mapping.partner), document_id, "HOPERAT")
        self.store.submit(command, act).result()


def _compute_digest(path: Path, mapping: Mapping_) -> str:
    """Return the digest of a file and of how it is read."""
    digest = sha256(mapping.model_dump_json().encode())
    for block in _read_blocks(path):
        digest.update(block)
    return digest.hexdigest()


def _read_blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
