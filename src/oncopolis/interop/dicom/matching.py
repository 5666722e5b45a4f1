"""Matching of a query with what there is (PS3.4 C.2.2.2), and what is answered of it."""

from fnmatch import translate
from re import IGNORECASE
from re import compile as compile_pattern
from typing import Final

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

__all__ = ["list_texts", "matches", "pick"]

_RANGES: Final = frozenset({"DA", "TM", "DT"})
_WILD: Final = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
_ANY: Final = frozenset({"", "*", "-"})


def matches(keys: Dataset, there: Dataset) -> bool:
    """Tell whether something is asked for. An attribute that is not known here matches everything."""
    return all(_matches_one(key, there[key.tag]) for key in keys if key.tag in there)


def _matches_one(key: DataElement, there: DataElement) -> bool:
    if key.VR == "SQ":
        asked = key.value[0] if key.value else Dataset()
        return not asked or not there.value or any(matches(asked, item) for item in there.value)
    asked_texts = [text for text in list_texts(key) if text not in _ANY]
    if not asked_texts:
        return True
    return any(_matches_text(key.VR, asked, text) for asked in asked_texts for text in list_texts(there))


def list_texts(element: DataElement) -> list[str]:
    """Return the values of an element as texts; one of it if it has none: the empty one."""
    value = element.value
    values = value if isinstance(value, MultiValue | list | tuple) else [value]
    return [str(one).strip() if one is not None else "" for one in values] or [""]


def _matches_text(vr: str, asked: str, there: str) -> bool:
    if vr in _RANGES and "-" in asked:
        return _is_within(asked, there)
    if vr in _RANGES:
        # A time of fewer digits stands for its whole minute or hour.
        return bool(there) and there.startswith(asked.rstrip("Z"))
    if vr == "PN":
        return _matches_name(asked, there)
    if vr in _WILD:
        return _is_like(asked, there)
    return asked == there


def _is_within(asked: str, there: str) -> bool:
    first, _, last = asked.partition("-")
    first, last = first.strip(), last.strip()
    return bool(there) and (not first or there >= first) and (not last or there[: len(last)] <= last)


def _matches_name(asked: str, there: str) -> bool:
    """Without regard to case; a query of one group may mean any of them."""
    if "=" in asked:
        return _is_like(asked.rstrip("="), there, is_name=True)
    return any(_is_like(asked, group, is_name=True) for group in there.split("="))


def _is_like(asked: str, there: str, *, is_name: bool = False) -> bool:
    if is_name:
        asked, there = asked.rstrip("^"), there.rstrip("^")
    # A bracket is a letter as any other here.
    pattern = translate(asked.replace("[", "[[]"))
    return compile_pattern(pattern, IGNORECASE if is_name else 0).match(there) is not None


def pick(keys: Dataset, there: Dataset) -> Dataset:
    """Return what was asked for; what is not known here is empty."""
    picked = Dataset()
    for key in keys:
        if key.tag in there:
            found = there[key.tag]
            asked = key.value[0] if key.VR == "SQ" and key.value else None
            if asked:
                found = DataElement(key.tag, "SQ", [pick(asked, item) for item in found.value])
            picked[key.tag] = found
        elif key.VR == "SQ":
            picked[key.tag] = DataElement(key.tag, "SQ", [])
        elif key.keyword != "SpecificCharacterSet":
            picked[key.tag] = DataElement(key.tag, key.VR, None)
    return picked
