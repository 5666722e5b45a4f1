"""The official FHIR R4 examples, where they are on this machine."""

import os
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from oncopolis.record.fhir.definitions import get_definitions

COUNT = 5306


def find_package() -> Path:
    """The package of examples; skips the test where it is not."""
    provenance = get_definitions().provenance
    cached = Path.home() / ".cache/oncopolis" / f"{provenance['name']}-{provenance['version']}.tgz"
    path = Path(os.environ.get("ONCOPOLIS_FHIR_EXAMPLES", cached))
    if not path.exists():
        pytest.skip(f"no official FHIR examples: {path} (python tools/fetch_fhir_examples.py)")
    return path


def iterate_examples() -> Iterator[tuple[str, bytes]]:
    """File name and text of every example, in the order of the package."""
    with tarfile.open(find_package()) as archive:
        for member in archive:
            name = member.name.removeprefix("package/")
            file = archive.extractfile(member)
            if name.endswith(".json") and name != "package.json" and file is not None:
                yield name, file.read()


@cache
def list_some(per_type: int) -> tuple[tuple[str, bytes], ...]:
    """The first examples of each resource type, as their file names tell it."""
    taken: dict[str, int] = {}
    some = []
    for name, data in iterate_examples():
        kind = name.partition("-")[0]
        taken[kind] = taken.get(kind, 0) + 1
        if taken[kind] <= per_type:
            some.append((name, data))
    return tuple(some)
