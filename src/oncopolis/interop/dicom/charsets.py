"""Character sets of answers: the one a station reads if it holds the names, else UTF-8."""

from typing import Final

from pydicom.dataset import Dataset

from oncopolis.interop.dicom.matching import list_texts

__all__ = ["choose_charset"]

UTF_8: Final = "ISO_IR 192"
_CODECS: Final = {"ISO_IR 100": "latin-1", "ISO_IR 144": "iso8859-5", "ISO 2022 IR 149": "euc-kr"}
"""Defined term -> codec. The Korean set comes by escape after ASCII, so it is the second value."""


def choose_charset(answer: Dataset, wished: str) -> str | list[str]:
    """Return Specific Character Set of an answer."""
    codec = _CODECS.get(wished)
    if codec is None or not _can_hold(answer, codec):
        return UTF_8
    return ["", wished] if wished.startswith("ISO 2022") else wished


def _can_hold(answer: Dataset, codec: str) -> bool:
    for element in answer:
        if element.VR == "SQ":
            if not all(_can_hold(item, codec) for item in element.value):
                return False
            continue
        try:
            "".join(list_texts(element)).encode(codec)
        except UnicodeEncodeError:
            return False
    return True
