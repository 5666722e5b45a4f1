"""`View`: an open record as the live centre sees it. It says what its record says."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol, Self, TypeAlias

Record: TypeAlias = dict[str, Any]
"""A FHIR resource."""
Claim: TypeAlias = tuple[str, str]
"""Kind and key of what only one record may hold: ``("slot", ...)``, ``("bed", ...)``, ``("inside", ...)``."""


class View(Protocol):
    """A frozen dataclass over one record.

    One that has ``BEGIN``, the search parameter of the moment it begins, may be read later than others.

    Attributes
    ----------
    TYPE
        FHIR type of its record.
    OPEN
        Token search parameter and codes by which the records are found that may be open.
    id
        Id of the record.
    is_open
        Whether there is anything left to do with it; what is not leaves the floor.
    """

    TYPE: ClassVar[str]
    OPEN: ClassVar[tuple[str, tuple[str, ...]]]

    @property
    def id(self) -> str:
        """Id of the record."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether it stays on the floor."""
        ...

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a record of `TYPE` is one of these."""
        ...

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a record that is one of these, whoever wrote it."""
        ...

    def to_record(self) -> Record:
        """Return the record, with what `from_record` found there and a view cannot say."""
        ...

    def list_claims(self) -> Iterable[Claim]:
        """Return what it holds; nothing once it is not open."""
        ...
