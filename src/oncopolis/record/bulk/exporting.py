"""An export: files of every type, and at last the manifest that says they are whole."""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from oncopolis.record.access import Allowed
from oncopolis.record.access.allowing import Condition
from oncopolis.record.bulk.collecting import collect
from oncopolis.record.bulk.files import Part, PartWriter
from oncopolis.record.bulk.wanted import Wanted
from oncopolis.record.store.keys import Keys
from oncopolis.record.store.reading import Reading

MANIFEST, _PROGRESS = "manifest.json", "progress.json"
_OVERLAP_MS = 10_000  # structure: longer than a commit takes, so that the next export misses nothing
_OFTEN = 20_000  # structure: records between two notes of progress
_REST = 2.0
"""Rest for each part of work, so that writes go on beside it."""
_PRIVATE = 0o700  # structure: file mode, its owner only


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was exported.

    Parameters
    ----------
    at_ms
        Everything written until then is in it, milliseconds since 1970 (UTC): the next export begins there.
    parts
        The files, by type and number.
    """

    at_ms: int
    parts: tuple[Part, ...]


def export(
    reading: Reading,
    wanted: Wanted,
    folder: Path,
    *,
    allowed: Allowed,
    filters: Callable[[str], Condition],
    keys: Keys | None,
) -> Manifest:
    """Write an export; what another attempt has left in ``folder`` is written anew.

    Parameters
    ----------
    reading
        The record as it is at one moment.
    filters
        The condition that the filters of the export are for a type.
    keys
        What the files are encrypted with; None writes them in clear.

    Raises
    ------
    NotFoundError
        There is no such group.
    OSError
        They cannot be written.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=_PRIVATE, parents=True)
    at_ms = _find_moment_ms(reading)
    writers: dict[str, PartWriter] = {}
    count = told = 0
    began = time.perf_counter()
    for versions in collect(reading, wanted, allowed, filters):
        if not versions:
            time.sleep(_REST * (time.perf_counter() - began))
            began = time.perf_counter()
        for version in versions:
            if version.body is not None:
                if version.type not in writers:
                    writers[version.type] = PartWriter(folder, version.type, keys)
                writers[version.type].write(version.body)
                count += 1
        if count - told >= _OFTEN:
            told = count
            _put(folder / _PROGRESS, {"count": count})
    parts = [part for type_ in sorted(writers) for part in writers[type_].finish()]
    manifest = Manifest(at_ms, tuple(parts))
    _put(folder / MANIFEST, asdict(manifest))
    return manifest


def find_manifest(folder: Path) -> Manifest | None:
    """The manifest of an export that is done, None before."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        return None
    return Manifest(found["at_ms"], tuple(Part(**part) for part in found["parts"]))


def count_so_far(folder: Path) -> int:
    """Records an export under way has written."""
    try:
        return int(json.loads((folder / _PROGRESS).read_bytes())["count"])
    except FileNotFoundError:
        return 0


def _find_moment_ms(reading: Reading) -> int:
    last = reading.session.query("SELECT at_ms FROM version ORDER BY seq DESC LIMIT 1")
    return max(0, int(last[0][0]) - _OVERLAP_MS) if last else 0


def _put(path: Path, value: object) -> None:
    """A file that is there whole or not at all."""
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(value), "utf-8")
    unfinished.rename(path)
