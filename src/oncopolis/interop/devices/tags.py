"""Where things with tags are, as gateways of any make tell it: a message becomes sightings.

A message is JSON: an object, or a list of them. Which member names the tag, the place and the time is said in
the settings, since no two makes of gateways agree; so is which department a reader or room of theirs is in.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import from_json

from oncopolis.foundation import InputError
from oncopolis.foundation.units import MS_PER_SECOND
from oncopolis.interop.devices.settings import Tags
from oncopolis.operations.things import Garbage, Sighting

LONGEST: Final = 65_536  # structure: bytes of one message
MOST: Final = 1_000  # structure: sightings of one message
_SHOWN: Final = 120  # structure: characters of what is told of garbage
_LEVEL: Final = "topic/"


def read_sightings(tags: Tags, topic: str, payload: bytes) -> tuple[list[Sighting], list[Garbage]]:
    """Return what a message says, and what of it cannot be read."""
    if len(payload) > LONGEST:
        return [], [_refuse(topic, payload, f"more than {LONGEST} bytes")]
    try:
        said = from_json(payload, allow_inf_nan=False)
    except ValueError:
        return [], [_refuse(topic, payload, "no JSON")]
    ones = said if isinstance(said, list) else [said]
    if len(ones) > MOST:
        return [], [_refuse(topic, payload, f"more than {MOST} sightings")]
    read = list(_read_all(tags, topic, ones))
    good = [one for one in read if isinstance(one, Sighting)]
    return good, [one for one in read if isinstance(one, Garbage)]


def _read_all(tags: Tags, topic: str, ones: list[Any]) -> Iterator[Sighting | Garbage]:
    for one in ones:
        try:
            yield _read(tags, topic, one)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            yield _refuse(topic, one, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
        except InputError as error:
            yield _refuse(topic, one, f"{error.where}: {error.expected}")


def _read(tags: Tags, topic: str, one: Any) -> Sighting:
    area = _find(tags.area, topic, one)
    area = area if area is None else str(area)
    at_ms = None if tags.time is None else _to_ms(tags, _find(tags.time, topic, one))
    thing = _find(tags.thing, topic, one)
    return Sighting.model_validate({
        "thing": thing if thing is None else str(thing), "area": tags.areas.get(area or "", area),
        "at_ms": at_ms,
    })  # fmt: skip


def _find(path: str, topic: str, one: Any) -> Any:
    """Return a level of the topic (``topic/2``), or a member within members (``position.room``)."""
    if path.startswith(_LEVEL):
        levels, n = topic.split("/"), int(path.removeprefix(_LEVEL))
        return levels[n - 1] if n <= len(levels) else None
    for name in path.split("."):
        one = one.get(name) if isinstance(one, Mapping) else None
    return one if isinstance(one, str | int | float) and not isinstance(one, bool) else None


def _to_ms(tags: Tags, told: Any) -> int | None:
    """Return a time as milliseconds; `InputError` if it is none."""
    if told is None:
        return None
    factor = 1 if tags.unit == "ms" else MS_PER_SECOND
    try:
        moment = datetime.fromisoformat(told) if isinstance(told, str) else None
        if moment is None:
            return round(float(told) * factor)
        if moment.tzinfo is not None:
            return round(moment.timestamp() * MS_PER_SECOND)
    except (OverflowError, ValueError):
        pass
    raise InputError(
        code="OPS-501", where=str(tags.time), got=str(told)[:_SHOWN],
        expected="a number, or a date with time and time zone", fix="correct what the gateway sends",
    )  # fmt: skip


def _refuse(topic: str, got: object, why: str) -> Garbage:
    shown = got.decode("utf-8", "replace") if isinstance(got, bytes) else str(got)
    return Garbage.cut(topic, f"{why[:_SHOWN]} ({shown[:_SHOWN]!r})")
