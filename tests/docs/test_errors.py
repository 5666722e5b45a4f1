"""Every error code of the code is in the reference, and every one in the reference is in the code."""

import re
from pathlib import Path

from reference.code_pages import PACKAGE, ROOT

_CODE = re.compile(r'"([A-Z]{3}-\d{3})"')
_ROW = re.compile(r"^\| ([A-Z]{3}-\d{3}) \|", re.MULTILINE)


def list_raised(folder: Path) -> set[str]:
    return {code for path in folder.rglob("*.py") for code in _CODE.findall(path.read_text("utf-8"))}


def test_codes_of_code_and_reference_are_the_same() -> None:
    page = ROOT / "docs" / "reference" / "errors.md"
    documented = set(_ROW.findall(page.read_text("utf-8")))
    assert documented == list_raised(PACKAGE)
