"""Fetch HL7's packages of official FHIR R4 and mCODE examples (CC0, 20 MB) with npm, and check them.

Usage: ``python tools/fetch_fhir_examples.py [FOLDER]``; the folder is ``~/.cache/oncopolis`` unless told,
where the tests look for them. The environment variables ``ONCOPOLIS_FHIR_EXAMPLES`` and ``ONCOPOLIS_MCODE``
lead them to other files.
"""

import hashlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.validating.profiles import get_profiles


def main(arguments: Sequence[str]) -> int:
    """Fetch the packages that are not there; their digests are those of the committed definitions."""
    folder = Path(arguments[0]) if arguments else Path.home() / ".cache" / "oncopolis"
    folder.mkdir(parents=True, exist_ok=True)
    packages = (get_definitions().provenance, get_profiles().provenance)
    return max(fetch(provenance, folder) for provenance in packages)


def fetch(provenance: Mapping[str, str], folder: Path) -> int:
    """Fetch one package unless it is there; 1 if it is not the known one."""
    path = folder / f"{provenance['name']}-{provenance['version']}.tgz"
    if not path.exists():
        package = f"{provenance['name']}@{provenance['version']}"
        subprocess.run(["npm", "pack", package, "--pack-destination", str(folder)], check=True)  # noqa: S607
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != provenance["sha256"]:
        print(f"{path}: sha256 {digest}, expected {provenance['sha256']}", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
