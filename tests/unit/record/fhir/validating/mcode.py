"""The examples of mCODE STU4, where they are on this machine."""

import os
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from oncopolis.record.fhir.text import parse
from oncopolis.record.fhir.validating.profiles import CANONICAL, get_profiles

COUNT = 179


def find_package() -> Path:
    """The package of mCODE; skips the test where it is not."""
    provenance = get_profiles().provenance
    cached = Path.home() / ".cache/oncopolis" / f"{provenance['name']}-{provenance['version']}.tgz"
    path = Path(os.environ.get("ONCOPOLIS_MCODE", cached))
    if not path.exists():
        pytest.skip(f"no examples of mCODE: {path} (python tools/fetch_fhir_examples.py)")
    return path


def iterate_examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """File name and resource of every example, in the order of the package."""
    with tarfile.open(find_package()) as archive:
        for member in archive:
            name = member.name.removeprefix("package/example/")
            file = archive.extractfile(member)
            if name != member.name and name.endswith(".json") and "/" not in name and file is not None:
                resource = parse(file.read())
                if "resourceType" in resource:
                    yield name, resource


@cache
def _read_all() -> dict[str, dict[str, Any]]:
    return dict(iterate_examples())


def get_example(name: str) -> dict[str, Any]:
    """A copy of one example that may be changed."""
    return parse(_to_text(_read_all()[f"{name}.json"]))


def _to_text(resource: dict[str, Any]) -> bytes:
    from oncopolis.record.fhir.text import to_text

    return to_text(resource)


def get_url(name: str) -> str:
    return f"{CANONICAL}mcode-{name}"
