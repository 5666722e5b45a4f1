"""Records to a transaction Bundle, or to a file of lines for each type."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from oncopolis.foundation import InputError
from oncopolis.record.fhir.text import to_text

MOST = 50_000  # structure: entries of a bundle that a server takes at once
Add = Callable[[dict[str, Any]], None]


@contextmanager
def writing(out: Path) -> Iterator[Add]:
    """Write records as they come.

    Raises
    ------
    InputError
        More than a bundle holds (BIO-173).
    """
    if out.suffix != ".json":
        with ExitStack() as files:
            yield _write_lines(out, files)
        return
    entries: list[dict[str, Any]] = []

    def add(record: dict[str, Any]) -> None:
        if len(entries) >= MOST:
            raise InputError(
                code="BIO-173", where=out.name, got=f"more than {MOST} records",
                expected="what a server takes",
                fix="name a folder: it gets a file of lines for each type",
            )  # fmt: skip
        place = f"{record['resourceType']}/{record['id']}"
        entries.append(
            {
                "fullUrl": f"urn:oncopolis:{place}",
                "resource": record,
                "request": {"method": "PUT", "url": place},
            }
        )

    yield add
    out.write_bytes(to_text({"resourceType": "Bundle", "type": "transaction", "entry": entries}))


def _write_lines(folder: Path, files: ExitStack) -> Add:
    folder.mkdir(parents=True, exist_ok=True)
    opened: dict[str, IO[bytes]] = {}

    def add(record: dict[str, Any]) -> None:
        kind = record["resourceType"]
        if kind not in opened:
            opened[kind] = files.enter_context((folder / f"{kind}.ndjson").open("wb"))
        opened[kind].write(to_text(record) + b"\n")

    return add
