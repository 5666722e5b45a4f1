"""Descriptions come from the user's file, and every bad row of it is named."""

from pathlib import Path

import pytest

from oncopolis.foundation.errors import InputError, InputErrors
from oncopolis.record.oncology import load_descriptions


def test_a_file_says_what_codes_are_called(tmp_path: Path) -> None:
    path = tmp_path / "icd10.csv"
    path.write_text(
        '\ufeffcode,display,note\nC50,"Breast, any part",x\nC61,Простата,\nC61,Простата,\n', "utf-8"
    )
    found = load_descriptions(path)
    assert (found.find("C50"), found.find("C61"), found.find("C62")) == ("Breast, any part", "Простата", None)


def test_bad_rows_are_all_named(tmp_path: Path) -> None:
    path = tmp_path / "icd10.csv"
    path.write_text("code,display\nC50,Breast\n,Lung\nC61,\nC50,Lung\nC62\n", "utf-8")
    with pytest.raises(InputErrors) as caught:
        load_descriptions(path)
    assert [error.where.rpartition(":")[2] for error in caught.value.errors] == ["3", "4", "5", "6"]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"code,display\nC50,\xff\n"])
def test_what_is_no_such_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(InputError):
        load_descriptions(path)
