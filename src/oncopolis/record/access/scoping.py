"""SMART scopes as conditions: what a program may do with records of a type, at most."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from oncopolis.record.access.allowing import Condition
from oncopolis.record.access.caller import Caller
from oncopolis.record.access.conditions import FALSE, TRUE, both, either, has_token, is_in
from oncopolis.record.access.policy import Right
from oncopolis.record.fhir.definitions import get_definitions

_SCOPE: Final = re.compile(
    r"(?P<level>patient|user|system)/(?P<type>\*|[A-Za-z]+)\.(?P<may>c?r?u?d?s?|read|write|\*)(?:\?(?P<query>.+))?"
)
_OF_VERSION_1: Final = {"read": "rs", "write": "cud", "*": "cruds"}
_LETTERS: Final[dict[Right, str]] = {
    "read": "r",
    "search": "s",
    "create": "c",
    "name": "u",
    "update": "u",
    "delete": "d",
}


def narrow(caller: Caller, right: Right, type_: str, alias: str) -> Condition:
    """What the scopes of the caller leave of the records ``alias`` of a type; a caller without has all."""
    if caller.scopes is None:
        return TRUE
    return either(_read(scope, caller, right, type_, alias) for scope in caller.scopes)


def _read(scope: str, caller: Caller, right: Right, type_: str, alias: str) -> Condition:
    match = _SCOPE.fullmatch(scope)
    if match is None or match["type"] not in ("*", type_):
        return FALSE
    if _LETTERS[right] not in _OF_VERSION_1.get(match["may"], match["may"]):
        return FALSE
    level = TRUE
    if match["level"] == "patient":
        own = is_in(f"{alias}.patient", caller.patients)
        level = either([own, (f"{alias}.patient IS NULL", ())])
    return both([level, *_read_query(match["query"] or "", type_, alias)])


def _read_query(query: str, type_: str, alias: str) -> Sequence[Condition]:
    """Codes that the records of a scope must carry; a scope that is not understood allows nothing."""
    if not query:
        return ()
    pairs = parse_qsl(query, keep_blank_values=True)
    return [_match(name, value, type_, alias) for name, value in pairs] or [FALSE]


def _match(name: str, text: str, type_: str, alias: str) -> Condition:
    parameter = get_definitions().find_search_parameter(type_, name)
    if parameter is None or parameter.type != "token" or not text:
        return FALSE
    return either(_match_one(parameter.number, value, alias) for value in text.split(","))


def _match_one(number: int, value: str, alias: str) -> Condition:
    system, bar, code = value.rpartition("|")
    if not code or (bar and not system):
        return FALSE
    return has_token(f"{alias}.rk", number, system, [code])
