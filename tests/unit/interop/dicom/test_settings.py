from pathlib import Path

import pytest

from oncopolis.foundation import InputError, OncopolisError
from oncopolis.interop.dicom.settings import FILE, load_dicom_settings


def load(folder: Path, text: str) -> None:
    file = folder / FILE
    file.parent.mkdir()
    file.write_text(text, "utf-8")
    load_dicom_settings(folder)


def test_a_file_as_the_guide_shows_is_read(tmp_path: Path) -> None:
    load(tmp_path, "stations:\n  CT1: {modality: CT, units: [machine.ct.1], addresses: [10.0.0.0/24]}\n")
    station = load_dicom_settings(tmp_path).stations["CT1"]
    assert station.may_call("10.0.0.7")
    assert not station.may_call("10.0.1.7")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="INT-070"):
        load_dicom_settings(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "stations: {}\n",
        "stations:\n  CT1: {modality: ct, units: [machine.ct.1]}\n",
        "stations:\n  CT1: {modality: CT, units: []}\n",
        "stations:\n  A TITLE THAT IS TOO LONG: {modality: CT, units: [ct]}\n",
        "stations:\n  CT1: {modality: CT, units: [ct], addresses: [nowhere]}\n",
        "stations:\n  CT1: {modality: CT, units: [ct], charset: KOI8-R}\n",
        "ae_title: 'BACK\\SLASH'\nstations:\n  CT1: {modality: CT, units: [ct]}\n",
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(OncopolisError, match=r"settings\.yaml:\d.*INT-071"):
        load(tmp_path, text)
