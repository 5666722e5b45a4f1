"""``devices/settings.yaml``: where sensors are heard."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError, model_validator

from oncopolis.biobank.watching.readings import Kind
from oncopolis.foundation.errors import InputErrors
from oncopolis.foundation.faults import to_errors
from oncopolis.foundation.frozen import Frozen
from oncopolis.foundation.located import load_yaml
from oncopolis.interop.devices.tls import SettingsFile, Tls

FILE: Final = "devices/settings.yaml"
"""Below the folder of the project."""
_PORT: Final = 1_883  # structure: MQTT's port
_TLS_PORT: Final = 8_883  # structure: MQTT's port where it is encrypted
_HIGHEST_PORT: Final = 65_535  # structure: the largest port there is
_HIGHEST: Final = 65_535  # structure: the largest address of a register
_UNITS: Final = 255  # structure: the largest number of a Modbus device
_LONGEST_S: Final = 3_600.0  # structure: bounds of a setting
_LONGEST_TOPIC: Final = 200  # structure: characters of a topic in the settings
_LONGEST_MEMBER: Final = 100  # structure: characters of a way to a member
Topic = Annotated[str, Field(pattern=r"^(\+|[^+#]+)(/(\+|[^+#/]+))*(/#)?$", max_length=_LONGEST_TOPIC)]
Member = Annotated[str, Field(pattern=r"^(topic/[1-9]|[^./]+(\.[^./]+)*)$", max_length=_LONGEST_MEMBER)]
Port = Annotated[int, Field(ge=1, le=_HIGHEST_PORT)]


class Mqtt(Frozen):
    """A broker."""

    host: str
    """Name or address; with `tls` as the certificate of the broker has it."""
    tls: Tls | None = None
    """Encryption; without it readings, user and password are open to who hears the network."""
    port: Port = Field(default_factory=lambda said: _TLS_PORT if said.get("tls") else _PORT)
    """Port; 1883 if left out, 8883 with `tls`."""
    user: str | None = None
    """User."""
    password_file: SettingsFile | None = None
    """File whose first line is the password; left out, it is in the environment, ONCOPOLIS_MQTT_PASSWORD."""
    client: Annotated[str, Field(pattern=r"^[\w-]{1,64}$")] = "oncopolis"
    """Our name there: the broker keeps under it what comes while we are away."""
    prefix: Annotated[str, Field(pattern=r"^[\w-]+(/[\w-]+)*$")] = "oncopolis"
    """What topics begin with."""


class Register(Frozen):
    """One value of a Modbus device."""

    subject: str
    """Tank or room."""
    kind: Kind
    """What it measures."""
    address: Annotated[int, Field(ge=0, le=_HIGHEST)]
    """Of the first holding register."""
    type: Literal["int16", "uint16", "int32", "uint32", "float32"] = "int16"
    """How the number is written."""
    scale: float = 1.0
    """What it is multiplied by: 0.1 for tenths."""
    device: Annotated[int, Field(ge=0, le=_UNITS)] = 1
    """Number of the device behind the address."""


class Modbus(Frozen):
    """A Modbus TCP device that is asked."""

    host: str
    """Name or address."""
    port: Port = 502  # structure: Modbus' port
    """Port."""
    every_s: Annotated[float, Field(gt=0, le=_LONGEST_S)] = 5.0  # structure: default of a setting
    """Seconds between two questions."""
    registers: Annotated[tuple[Register, ...], Field(min_length=1)]
    """What is asked for."""


class Tags(Frozen):
    """Gateways of tags on things, heard at the broker: which member of their messages says what.

    A member within members is written with dots, ``position.room``; a level of the topic ``topic/2``.
    """

    topics: Annotated[tuple[Topic, ...], Field(min_length=1)] = ("tags/#",)
    """What is heard; not below the prefix of the readings."""
    thing: Member = "thing"
    """Member that names the tag."""
    area: Member = "area"
    """Member that names the place."""
    time: Member | None = None
    """Member that says when; what comes is taken to be of now if left out."""
    unit: Literal["ms", "s"] = "ms"
    """Of a time that is a number, since 1970 (UTC)."""
    areas: Mapping[str, str] = {}
    """Place as the gateway calls it -> department of the definition."""


class Devices(Frozen):
    """The whole file."""

    mqtt: Mqtt | None = None
    """The broker that gateways send to."""
    modbus: tuple[Modbus, ...] = ()
    """Devices that are asked."""
    tags: Tags | None = None
    """Gateways of tags at the broker."""

    @model_validator(mode="after")
    def _check_topics(self) -> "Devices":
        """Refuse tags without a broker, and those whose messages would be taken for readings."""
        if self.tags is not None and self.mqtt is None:
            raise ValueError("tags are heard at a broker: say where that is, under mqtt")
        first = "" if self.mqtt is None else f"{self.mqtt.prefix}/"
        for topic in () if self.tags is None else self.tags.topics:
            if f"{topic}/".startswith((first, "#/", "+/")):
                raise ValueError(f"{topic}: topics of tags are not below {first.rstrip('/')}, of readings")
        return self


def find_devices(project: Path) -> Devices | None:
    """Read where sensors of a project are heard, None if nothing says so; `InputError` INT-051."""
    path = project / FILE
    if not path.exists():
        return None
    located = load_yaml(path)
    try:
        return Devices.model_validate(located.data, context={"folder": path.parent})
    except ValidationError as error:
        faults = list(to_errors(error, located, (), code="INT-051", model=Devices))
        raise (faults[0] if len(faults) == 1 else InputErrors(faults)) from error
