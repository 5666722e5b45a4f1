"""What gateways send, read: a message of a topic, and a list of readings in one body."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import from_json

from oncopolis.biobank.watching.readings import KINDS, Kind, Reading
from oncopolis.foundation import InputError

LONGEST: Final = 1_000  # structure: bytes of one message
_SUBJECT: Final = re.compile(r"[\w][\w .-]{0,63}")
_SHOWN: Final = 80  # structure: characters of what is told of garbage


def read_message(prefix: str, topic: str, payload: bytes) -> Reading:
    """Read ``<prefix>/<subject>/<kind>`` with a number, or JSON of ``value`` and ``at_ms``.

    Raises
    ------
    InputError
        It is none (INT-050).
    """
    rest = topic.removeprefix(f"{prefix}/")
    subject, _, kind = rest.partition("/")
    if rest == topic or len(payload) > LONGEST:
        raise _refuse(topic, payload, f"{prefix}/<tank or room>/<{'|'.join(KINDS)}>, {LONGEST} bytes at most")
    try:
        said = from_json(payload, allow_inf_nan=True)
    except ValueError:
        raise _refuse(topic, payload, "a number, or JSON of value and at_ms") from None
    if not isinstance(said, dict):
        said = {"value": said}
    return read_reading({"subject": subject, "kind": kind} | said, topic)


def read_reading(said: object, where: str) -> Reading:
    """Read one reading that was told as an object; `InputError` INT-050 if it is none."""
    if not isinstance(said, Mapping):
        raise _refuse(where, said, "an object of subject, kind, value and at_ms")
    subject, kind, value, at_ms = (said.get(name) for name in ("subject", "kind", "value", "at_ms"))
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise _refuse(where, subject, "a tank or room of letters, digits, spaces, dots and dashes")
    if kind not in KINDS:
        raise _refuse(where, kind, f"one of {', '.join(KINDS)}")
    if value is None:
        value = float("nan")
    if isinstance(value, bool):
        value = int(value)
    if not isinstance(value, int | float):
        raise _refuse(where, value, "a number")
    if at_ms is not None and (isinstance(at_ms, bool) or not isinstance(at_ms, int)):
        raise _refuse(where, at_ms, "milliseconds since 1970 (UTC), or none")
    return Reading(subject, _to_kind(kind), _to_float(value), at_ms)


def _to_kind(kind: Any) -> Kind:
    return KINDS[KINDS.index(kind)]


def _to_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _refuse(where: str, got: object, expected: str) -> InputError:
    shown = got.decode("utf-8", "replace") if isinstance(got, bytes) else str(got)
    return InputError(
        code="INT-050", where=f"reading {where:.100}", got=repr(shown[:_SHOWN]), expected=expected,
        fix="correct what the gateway sends; it is on the list of what could not be read",
    )  # fmt: skip
