"""``dicom/settings.yaml`` of a project: who asks for a worklist, and of which machines."""

from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, ValidationError

from oncopolis.foundation.errors import InputError, InputErrors
from oncopolis.foundation.faults import to_errors
from oncopolis.foundation.frozen import Frozen
from oncopolis.foundation.located import load_yaml
from oncopolis.interop.settings import Network

__all__ = ["FILE", "DicomSettings", "Station", "load_dicom_settings"]

FILE: Final = "dicom/settings.yaml"
"""Below the folder of the project."""

Title: TypeAlias = Annotated[str, Field(pattern=r"^[!-\[\]-~]([ !-\[\]-~]{0,14}[!-\[\]-~])?$")]
"""Application entity title: 1 to 16 printable characters without a backslash (PS3.5, AE)."""
Charset: TypeAlias = Literal["ISO_IR 192", "ISO_IR 100", "ISO_IR 144", "ISO 2022 IR 149"]
"""Defined terms of Specific Character Set: UTF-8, Western, Cyrillic, Korean (PS3.3 C.12.1.1.2)."""


class Station(Frozen):
    """Somebody who asks for a worklist: a modality, or a workstation beside it."""

    modality: Annotated[str, Field(pattern=r"^[A-Z0-9_]{2,16}$")]
    """Defined term such as CT, MR, PT, US, ES, RTIMAGE (PS3.3 C.7.3.1.1.1)."""
    units: Annotated[tuple[str, ...], Field(min_length=1)]
    """Units whose appointments it sees, such as ``machine.ct.1``, or a resource, such as ``ct``."""
    addresses: tuple[Network, ...] = ()
    """Addresses or networks it calls from; none: from anywhere."""
    charset: Charset = "ISO_IR 192"
    """What it reads; names that it cannot hold are sent in UTF-8 all the same."""

    def may_call(self, address: str) -> bool:
        """Tell whether a connection may be this station's."""
        return not self.addresses or any(ip_address(address) in ip_network(one) for one in self.addresses)


class DicomSettings(Frozen):
    """The whole file."""

    ae_title: Title = "ONCOPOLIS"
    """Our own application entity title."""
    stations: Annotated[dict[Title, Station], Field(min_length=1)]
    """Application entity title -> station."""


def load_dicom_settings(project: Path) -> DicomSettings:
    """Read the settings of a project.

    Raises
    ------
    InputError
        There are none, or something in them cannot be used; names file, line and key.
    """
    path = project / FILE
    if not path.exists():
        raise InputError(
            code="INT-070", where=str(path), got="no such file", expected="the stations of the worklist",
            fix="write it as the guide `Give machines their worklist` shows",
        )  # fmt: skip
    located = load_yaml(path)
    try:
        return DicomSettings.model_validate(located.data)
    except ValidationError as error:
        faults = list(to_errors(error, located, (), code="INT-071", model=DicomSettings))
        raise (faults[0] if len(faults) == 1 else InputErrors(faults)) from error
