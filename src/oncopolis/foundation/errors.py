"""The errors of the house, split by who must act.

::

    OncopolisError
    ├── InputError           the user: a file, a key or an option is wrong
    │   └── InputErrors      several of them, gathered and raised once
    ├── EvidenceError        the keeper of the coefficients
    ├── InfeasibleError      the planner: the wishes contradict each other
    ├── NotFoundError        the user: no such key, country, example
    ├── ConflictError        somebody else was first
    ├── ForbiddenError       not allowed here
    └── ExternalError        an outside service did not answer
"""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar


class OncopolisError(Exception):
    """A fault somebody can mend, told so that they can.

    Parameters
    ----------
    code
        Stable name of the fault, such as ``CEN-004``; documented in the reference.
    where
        Place: ``file:line: key``, an option, or a key.
    got, expected
        The value found and what is allowed.
    fix
        What to do about it.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, *, code: str, where: str, got: str, expected: str, fix: str) -> None:
        self.code, self.where, self.got, self.expected, self.fix = code, where, got, expected, fix
        super().__init__(code, where, got, expected, fix)

    def __reduce__(self) -> tuple[object, ...]:
        fields = {
            "code": self.code,
            "where": self.where,
            "got": self.got,
            "expected": self.expected,
            "fix": self.fix,
        }
        return partial(type(self), **fields), ()

    def __str__(self) -> str:
        return f"{self.where}: got {self.got}, expected {self.expected}, {self.fix} [{self.code}]"


class InputError(OncopolisError):
    """Something the user wrote cannot be used."""


class InputErrors(InputError):  # noqa: N818 - several of them, in the plural
    """Several faults of one reading, gathered so that they can be mended in one go."""

    def __init__(self, errors: Iterable[OncopolisError]) -> None:
        self.errors = tuple(errors)
        first = self.errors[0]
        super().__init__(
            code=first.code, where=first.where, got=first.got, expected=first.expected, fix=first.fix
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.errors,)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class EvidenceError(OncopolisError):
    """A coefficient is missing, out of its range or without a source."""


class InfeasibleError(OncopolisError):
    """What is asked for contradicts itself; names the wishes in conflict."""

    exit_code = 3  # structure: exit code


class NotFoundError(OncopolisError):
    """No such key, country, example or figure."""


class ConflictError(OncopolisError):
    """The thing was changed or taken by somebody else."""


class ForbiddenError(OncopolisError):
    """The action is not allowed to this caller."""


class ExternalError(OncopolisError):
    """An outside service failed or did not answer."""

    exit_code = 4  # structure: exit code


class Collector:
    """Gathers faults while reading goes on, and raises them once at the end."""

    def __init__(self) -> None:
        self.errors: list[OncopolisError] = []

    def add(self, error: OncopolisError) -> None:
        """Keep one fault; a gathered one is kept as its parts."""
        if isinstance(error, InputErrors):
            self.errors.extend(error.errors)
        else:
            self.errors.append(error)

    def raise_if_any(self) -> None:
        """Raise what was gathered: the fault itself if it is one, else `InputErrors`."""
        if len(self.errors) == 1:
            raise self.errors[0]
        if self.errors:
            raise InputErrors(self.errors)
