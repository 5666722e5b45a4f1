"""What scopes mean, in words."""

from collections.abc import Iterable

from oncopolis.foundation.marking import mark
from oncopolis.record.accounts.scopes import split_scope
from oncopolis.web.pages.languages import Words

_SIMPLE = {
    "openid": mark("know who you are"),
    "profile": mark("know your name"),
    "fhirUser": mark("know which record of the centre is yours"),
    "offline_access": mark("go on in your name for three months, also while you are away"),
    "online_access": mark("go on in your name until the end of the day"),
    "launch/patient": mark("know whose record was chosen"),
}
_LETTERS = {
    "c": mark("create"),
    "r": mark("read"),
    "u": mark("change"),
    "d": mark("delete"),
    "s": mark("search"),
}
_WHOSE = {
    "patient": mark("{what}: {kinds} of the chosen patient"),
    "user": mark("{what}: {kinds} that you may see"),
    "system": mark("{what}: {kinds} of the centre"),
}


def describe_scopes(scopes: Iterable[str], language: Words) -> list[str]:
    """Return one line for each scope."""
    return [_describe(scope, language) for scope in scopes]


def _describe(scope: str, language: Words) -> str:
    found = split_scope(scope)
    if found is None:
        return language.text(_SIMPLE[scope])
    level, type_, letters = found
    what = ", ".join(language.text(_LETTERS[letter]) for letter in letters)
    kinds = language.text(mark("records of every kind")) if type_ == "*" else type_
    return language.text(_WHOSE[level], what=what, kinds=kinds)
