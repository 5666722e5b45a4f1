"""What is wrong with a code or an identifier."""

from dataclasses import dataclass

__all__ = ["Checked", "Issue"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault.

    Parameters
    ----------
    rule
        Which rule, such as ``loinc-check-digit``.
    got, expected
        What was found and what is allowed.
    """

    rule: str
    got: str
    expected: str

    def __str__(self) -> str:
        return f"got {self.got}, expected {self.expected}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A code or an identifier that was looked at.

    Parameters
    ----------
    text
        Its normal form; as it came where it has none.
    issues
        What is wrong with it.
    """

    text: str
    issues: tuple[Issue, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.issues
