"""Fetch HL7's package of official FHIR R4 examples (CC0, 19 MB) with npm, and check that it is the known one.

Usage: ``python tools/fetch_fhir_examples.py [FOLDER]``; the folder is ``~/.cache/oncopolis`` unless told,
where the tests look for it. The environment variable ``ONCOPOLIS_FHIR_EXAMPLES`` leads them to another file.
"""

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from oncopolis.record.fhir.definitions import get_definitions


def main(arguments: Sequence[str]) -> int:
    """Fetch the package unless it is there, and compare its digest with that of the committed definitions."""
    provenance = get_definitions().provenance
    folder = Path(arguments[0]) if arguments else Path.home() / ".cache" / "oncopolis"
    folder.mkdir(parents=True, exist_ok=True)
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
