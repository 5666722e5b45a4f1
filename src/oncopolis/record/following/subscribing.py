"""What a Subscription says: of which changes somebody is to be told, where and how."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from oncopolis.foundation.errors import InputError
from oncopolis.record.fhir.moments import find_stretch_ms
from oncopolis.record.search.demand import Demand, read_demand

PAYLOADS = ("application/fhir+json", "application/json")
_HEADER = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}):[ \t]*([\x20-\x7e]{0,4000})")
_OURS = frozenset("host content-length content-type connection transfer-encoding idempotency-key".split())
_LONGEST = 2_000  # structure: characters of an address


@dataclass(frozen=True, slots=True)
class Channel:
    """Where and how.

    Parameters
    ----------
    endpoint
        ``http`` or ``https``.
    payload
        Media type of the record that is sent along; None: the message is empty.
    headers
        What the receiver wants to see, such as its password for us.
    """

    endpoint: str
    payload: str | None
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription that can be served.

    Parameters
    ----------
    demand
        What a record that was written must be.
    until_ms
        When it ends, milliseconds since 1970 (UTC); None: never by itself.
    """

    demand: Demand
    channel: Channel
    until_ms: int | None


def read_subscription(resource: Mapping[str, Any]) -> Subscribed:
    """Read a Subscription that is sound by the base definitions.

    Raises
    ------
    InputError
        It asks for what this server does not do, or is not understood.
    """
    channel = resource["channel"]
    if channel["type"] != "rest-hook":
        raise _bad("channel.type", channel["type"], "rest-hook", "use that, or read the events of the server")
    end = find_stretch_ms(resource["end"]) if "end" in resource else None
    return Subscribed(
        read_demand(resource["criteria"], "Subscription.criteria"),
        Channel(
            _read_endpoint(channel.get("endpoint", "")), _read_payload(channel.get("payload")),
            tuple(_read_header(place, text) for place, text in enumerate(channel.get("header", ()))),
        ),
        end[1] if end else None,
    )  # fmt: skip


def _read_endpoint(text: str) -> str:
    if not _is_endpoint(text):
        raise _bad("channel.endpoint", text, "an address with http or https", "name the receiver")
    return text.rstrip("/")


def _is_endpoint(text: str) -> bool:
    try:
        parts = urlsplit(text)
        is_address = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    is_plain = not parts.fragment and not parts.username and text.isprintable() and len(text) <= _LONGEST
    return parts.scheme in ("http", "https") and is_address and is_plain


def _read_payload(text: str | None) -> str | None:
    if text is None or text == "":
        return None
    media = text.partition(";")[0].strip().lower()
    if media not in PAYLOADS:
        raise _bad("channel.payload", text, " or ".join(PAYLOADS), "use that, or leave it out")
    return media


def _read_header(place: int, text: str) -> tuple[str, str]:
    match = _HEADER.fullmatch(text)
    if match is None or match[1].lower() in _OURS:
        raise _bad(
            f"channel.header[{place}]", text.partition(":")[0], "Name: value, of a header of yours", "mend it"
        )
    return match[1], match[2]


def _bad(where: str, got: str, expected: str, fix: str) -> InputError:
    return InputError(
        code="REC-305", where=f"Subscription.{where}", got=repr(got[:_LONGEST]), expected=expected, fix=fix
    )
