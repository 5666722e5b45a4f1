"""``exchange/settings.yaml`` of a project: the partners, and who is master of what."""

from collections.abc import Iterator
from functools import cached_property
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError, model_validator

from oncopolis.foundation.errors import InputError, InputErrors
from oncopolis.foundation.faults import to_errors
from oncopolis.foundation.frozen import Frozen
from oncopolis.foundation.located import load_yaml
from oncopolis.interop.hl7.charsets import CODECS
from oncopolis.interop.naming import Naming

__all__ = [
    "DATA",
    "FILE",
    "US",
    "Datum",
    "Network",
    "Partner",
    "Sending",
    "Settings",
    "find_settings",
    "load_settings",
]

FILE: Final = "exchange/settings.yaml"
"""Below the folder of the project."""
US: Final = "us"
"""Name of ourselves among the masters."""

Datum: TypeAlias = Literal["demographics", "encounters", "orders", "appointments", "results"]
DATA: Final[dict[str, Datum]] = {
    "Patient": "demographics",
    "Encounter": "encounters",
    "ServiceRequest": "orders",
    "Appointment": "appointments",
    "DiagnosticReport": "results",
    "Observation": "results",
}
"""Resource type -> datum."""
MessageKind: TypeAlias = Literal["ADT", "ORM", "SIU", "ORU"]
Version: TypeAlias = Literal["2.3", "2.3.1", "2.4", "2.5", "2.5.1"]

_HIGHEST_PORT: Final = 65_535  # structure: the largest port there is
_LONGEST: Final = 20_000_000  # structure: default of a setting: a scanned document in a message
_SHORTEST_LIMIT: Final = 1_000  # structure: bounds of a setting
_LONGEST_LIMIT: Final = 1_000_000_000  # structure: bounds of a setting
_NAME: Final = r"^[a-z][a-z0-9-]{0,30}$"


def check_charset(name: str) -> str:
    if name.strip().upper().replace("_", "-") not in CODECS:
        raise ValueError(f"one of {', '.join(key for key in CODECS if key)}")
    return name


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone such as Asia/Tashkent") from None
    return name


def _check_network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError:
        raise ValueError("an address or a network such as 10.0.0.0/24") from None
    return text


Network: TypeAlias = Annotated[str, AfterValidator(_check_network)]
"""An address, or a network such as 10.0.0.0/24."""


class Sending(Frozen):
    """Where messages of ours go, and which."""

    host: str
    """Name or address of the receiver."""
    port: Annotated[int, Field(ge=1, le=_HIGHEST_PORT)]
    """Its MLLP port."""
    messages: tuple[MessageKind, ...]
    """Kinds it wants."""
    version: Version = "2.5.1"
    """Version of HL7 it reads."""
    charset: Annotated[str, AfterValidator(check_charset)] = "UNICODE UTF-8"
    """Charset it reads; MSH-18 names it."""


class Partner(Frozen):
    """A system that messages or files come from or go to."""

    application: str
    """MSH-3 of its messages, and MSH-5 of ours."""
    facility: str = ""
    """MSH-4 of its messages, and MSH-6 of ours."""
    addresses: tuple[Network, ...] = ()
    """Addresses or networks its connections come from; none: it does not call us."""
    charset: Annotated[str, AfterValidator(check_charset)] = ""
    """Charset of its messages without MSH-18; ASCII if left out."""
    zone: Annotated[str, AfterValidator(_check_zone)] = "UTC"
    """Time zone of times without one."""
    systems: dict[str, str] = {}
    """Assigning authority or code system as it writes it -> URI."""
    send: Sending | None = None
    """What is sent to it; nothing if left out."""

    def has(self, address: str) -> bool:
        """Tell whether a connection may be this partner's."""
        one = ip_address(address)
        return any(one in ip_network(network) for network in self.addresses)


class Settings(Frozen):
    """The whole file."""

    application: str = "ONCOPOLIS"
    """MSH-3 of our messages."""
    facility: str = "CENTRE"
    """MSH-4 of our messages."""
    longest_message: Annotated[int, Field(ge=_SHORTEST_LIMIT, le=_LONGEST_LIMIT)] = _LONGEST
    """Bytes of a message at most."""
    partners: dict[Annotated[str, Field(pattern=_NAME)], Partner]
    """Key -> partner."""
    masters: dict[Datum, str] = {}
    """Datum -> ``us`` or the key of a partner; without a master the last one to speak is right."""

    @model_validator(mode="after")
    def _check_names(self) -> "Settings":
        if US in self.partners:
            raise ValueError(f"no partner called {US!r}, which means ourselves")
        for datum, master in self.masters.items():
            if master != US and master not in self.partners:
                raise ValueError(f"masters.{datum} to be {US!r} or a partner ({', '.join(self.partners)})")
        seen: dict[tuple[str, str], str] = {}
        for key, partner in self.partners.items():
            name = (partner.application, partner.facility)
            if name in seen:
                raise ValueError(
                    f"partners that differ in application or facility, unlike {seen[name]} and {key}"
                )
            seen[name] = key
        return self

    @cached_property
    def _named(self) -> dict[tuple[str, str], str]:
        return {(one.application, one.facility): key for key, one in self.partners.items()}

    def find_partner(self, application: str, facility: str) -> str | None:
        """Return the key of who signs so; a partner without a facility in the settings may sign any."""
        return self._named.get((application, facility)) or self._named.get((application, ""))

    def may_call(self, address: str) -> bool:
        """Tell whether a connection from an address is taken."""
        return any(partner.has(address) for partner in self.partners.values())

    def get_naming(self, partner: str) -> Naming:
        """Return the names of a partner."""
        one = self.partners[partner]
        return Naming(partner, self.application, one.systems, ZoneInfo(one.zone))

    def find_master(self, type_: str) -> str:
        """Return who is master of the records of a type, '' for nobody."""
        datum = DATA.get(type_)
        return self.masters.get(datum, "") if datum else ""

    def list_receivers(self, kind: MessageKind, type_: str, origin: str) -> Iterator[str]:
        """Yield the partners that are told of a change: not its origin, and not the master of the datum."""
        for key, partner in self.partners.items():
            wants = partner.send is not None and kind in partner.send.messages
            if wants and key not in (origin, self.find_master(type_)):
                yield key


def find_settings(project: Path) -> Settings | None:
    """Return the settings of a project, None if it has none."""
    return load_settings(project) if (project / FILE).exists() else None


def load_settings(project: Path) -> Settings:
    """Read the settings of a project.

    Raises
    ------
    InputError
        There are none, or something in them cannot be used; names file, line and key.
    """
    path = project / FILE
    if not path.exists():
        raise InputError(
            code="INT-022", where=str(path), got="no such file", expected="the partners of the exchange",
            fix="write it as the guide `Connect a hospital system` shows",
        )  # fmt: skip
    located = load_yaml(path)
    try:
        return Settings.model_validate(located.data)
    except ValidationError as error:
        faults = list(to_errors(error, located, (), code="INT-023", model=Settings))
        raise (faults[0] if len(faults) == 1 else InputErrors(faults)) from error
