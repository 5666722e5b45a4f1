"""SMART scopes: which there are, and which cover which."""

import re
from collections.abc import Iterable, Sequence

from oncopolis.foundation.errors import InputError

SIMPLE = frozenset({"openid", "profile", "fhirUser", "offline_access", "online_access", "launch/patient"})
"""Scopes that are not about resources."""

_LETTERS = "cruds"
_RESOURCE = re.compile(
    r"(patient|user|system)/(\*|[A-Z][A-Za-z]{1,63})\.(c?r?u?d?s?|read|write|\*)(\?[\x21\x23-\x5b\x5d-\x7e]{1,500})?"
)
_OF_VERSION_1 = {"read": "rs", "write": "cud", "*": _LETTERS}
_MOST = 100  # structure: scopes in one request


def read_scopes(text: str) -> tuple[str, ...]:
    """Return scopes in the form of SMART 2, each once, as they came.

    Raises
    ------
    InputError
        For one that is none, and for too many.
    """
    words = dict.fromkeys(text.split())
    if len(words) > _MOST:
        raise _refuse(f"{len(words)} scopes")
    return tuple(dict.fromkeys(_read(word) for word in words))


def _read(word: str) -> str:
    if word in SIMPLE:
        return word
    match = _RESOURCE.fullmatch(word)
    if match is None or not match[3]:
        raise _refuse(repr(word[:100]))
    return f"{match[1]}/{match[2]}.{_OF_VERSION_1.get(match[3], match[3])}{match[4] or ''}"


def is_covered(scope: str, by: Iterable[str]) -> bool:
    """Tell whether a scope allows nothing beyond others."""
    others = tuple(by)
    if scope in others:
        return True
    wanted = _RESOURCE.fullmatch(scope)
    if wanted is None:
        return False
    left = set(wanted[3])
    for other in others:
        match = _RESOURCE.fullmatch(other)
        if match is None or match[1] != wanted[1] or match[2] not in ("*", wanted[2]):
            continue
        if match[4] in (None, wanted[4]):
            left -= set(match[3])
    return not left


def cut(wanted: Sequence[str], most: Iterable[str]) -> tuple[str, ...]:
    """Return those of the wanted scopes that others cover."""
    most = tuple(most)
    return tuple(scope for scope in wanted if is_covered(scope, most))


def get_level(scope: str) -> str:
    """``patient``, ``user`` or ``system``; empty for scopes that are not about resources."""
    match = _RESOURCE.fullmatch(scope)
    return match[1] if match else ""


def split_scope(scope: str) -> tuple[str, str, str] | None:
    """Level, type and letters of a scope about resources."""
    match = _RESOURCE.fullmatch(scope)
    return (match[1], match[2], match[3]) if match else None


def _refuse(got: str) -> InputError:
    return InputError(
        code="REC-261",
        where="scope",
        got=got,
        expected=f"scopes such as user/Patient.rs or system/*.{_LETTERS}, or {', '.join(sorted(SIMPLE))}",
        fix="correct them (SMART App Launch 2)",
    )
