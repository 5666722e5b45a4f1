"""The script that fetches the examples takes only the package the definitions are made of."""

from pathlib import Path

import pytest
from tests.unit.record.fhir.examples import find_package

import fetch_fhir_examples
from oncopolis.record.fhir.definitions import get_definitions


def test_another_package_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    provenance = get_definitions().provenance
    path = tmp_path / f"{provenance['name']}-{provenance['version']}.tgz"
    path.write_bytes(b"something else")
    assert fetch_fhir_examples.main([str(tmp_path)]) == 1
    assert provenance["sha256"] in capsys.readouterr().err


def test_a_package_that_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    package = find_package()
    provenance = get_definitions().provenance
    (tmp_path / f"{provenance['name']}-{provenance['version']}.tgz").symlink_to(package)
    assert fetch_fhir_examples.main([str(tmp_path)]) == 0
