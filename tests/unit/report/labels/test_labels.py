"""Labels: read back by a scanner from the printed page; commands in words stay words."""

import subprocess
from pathlib import Path
from shutil import which

import pytest
import zxingcpp
from PIL import Image
from tests.banks import make_tissue

from oncopolis.foundation import InputError
from oncopolis.report.labels import SIZES, Label, make_label, write_pdf, write_zpl


@pytest.mark.parametrize("name", SIZES)
def test_a_scanner_reads_what_was_printed(tmp_path: Path, name: str) -> None:
    if which("pdftoppm") is None:
        pytest.skip("no pdftoppm on this machine")
    labels = [make_label(make_tissue(n)) for n in (1, 2)]
    (tmp_path / "labels.pdf").write_bytes(write_pdf(labels, SIZES[name]))
    subprocess.run(
        ["pdftoppm", "-r", "600", "-png", "labels.pdf", "page"], cwd=tmp_path, check=True, timeout=60
    )
    pages = sorted(tmp_path.glob("page*.png"))
    found = [zxingcpp.read_barcodes(Image.open(page)) for page in pages]
    assert [[one.text for one in codes] for codes in found] == [["S00001"], ["S00002"]]


def test_a_label_names_no_donor() -> None:
    assert make_label(make_tissue(1)) == Label("S00001", ("TIS C50 2027-03-01", "100 mg"))


def test_zpl() -> None:
    told = write_zpl([make_label(make_tissue(1))], SIZES["vial"])
    assert told.startswith("^XA^CI28^PW396^LL156\n^FO12,12^BXN,6,200^FH_^FDS00001^FS\n")
    assert told.endswith("^XZ\n")
    assert told.count("^XA") == told.count("^XZ") == 1


def test_letters_that_scanners_cannot_send_are_refused() -> None:
    with pytest.raises(InputError, match="BIO-100"):
        Label("Бокс")


def test_words_are_no_commands() -> None:
    told = write_zpl([Label("A1", ("^XZ~JA", "Яна_"))], SIZES["box"])
    assert "_5EXZ_7EJA" in told
    assert "_D0_AF_D0_BD_D0_B0_5F" in told
    assert told.count("^XZ") == 1
