"""What a message or a row of a file states: of which records, and what about each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeAlias

from oncopolis.interop.mapping.rows import Change, Entry

__all__ = ["Key", "Stated", "Statement", "list_keys", "make_id"]

Key: TypeAlias = tuple[str, str]
"""System and value of an identifier."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What is stated of one record.

    Parameters
    ----------
    keys
        Identifiers it is found by; none if only its id tells.
    id
        Of a new record; the same for the same statement.
    defaults
        Elements of a new record of which nothing is stated.
    link
        Element that refers to the patient, '' for the patient itself.
    where
        Place, for errors.
    """

    type: str
    keys: tuple[Key, ...]
    id: str
    changes: tuple[Change, ...]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    link: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one message or row states.

    Parameters
    ----------
    event
        What has happened, such as ``ADT^A01``.
    patient
        Whom it is about.
    is_about_patient
        Whether it tells demographics, or names the patient only.
    prior
        Identifiers of the patient record that a merge ends.
    records
        In an order in which what is referred to comes first.
    """

    event: str
    patient: Stated
    is_about_patient: bool = False
    prior: tuple[Key, ...] = ()
    records: tuple[Stated, ...] = ()


def make_id(*parts: str) -> str:
    """Return the id of what these parts name, the same each time."""
    return sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def list_keys(identifiers: list[Entry] | None) -> tuple[Key, ...]:
    """Return systems and values of identifiers."""
    return tuple((one["system"], one["value"]) for one in identifiers or ())
