"""The script that fetches the examples takes only the packages the definitions are made of."""

from pathlib import Path

import pytest
from tests.unit.record.fhir.examples import find_package
from tests.unit.record.fhir.validating.mcode import find_package as find_mcode

import fetch_fhir_examples
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.validating.profiles import get_profiles


def link_packages(folder: Path) -> list[Path]:
    packages = [(find_package(), get_definitions().provenance), (find_mcode(), get_profiles().provenance)]
    links = [folder / f"{provenance['name']}-{provenance['version']}.tgz" for _, provenance in packages]
    for link, (package, _) in zip(links, packages, strict=True):
        link.symlink_to(package)
    return links


@pytest.mark.parametrize("place", [0, 1])
def test_another_package_is_refused(place: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = link_packages(tmp_path)[place]
    path.unlink()
    path.write_bytes(b"something else")
    assert fetch_fhir_examples.main([str(tmp_path)]) == 1
    assert path.name in capsys.readouterr().err


def test_packages_that_are_there_are_not_fetched_again(tmp_path: Path) -> None:
    link_packages(tmp_path)
    assert fetch_fhir_examples.main([str(tmp_path)]) == 0
