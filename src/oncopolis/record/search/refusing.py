"""What a search is refused with: the place, what was there, and what is expected."""

from oncopolis.foundation.errors import InputError

LONGEST = 120  # structure: characters of what was asked that a message repeats


class SearchRefused(InputError):  # noqa: N818 - the answer to a question, not a fault of ours
    """A question that cannot be answered as it is asked.

    Parameters
    ----------
    issue
        Issue type of FHIR: ``invalid``, ``not-supported`` or ``too-costly``.
    """

    def __init__(
        self, *, code: str, where: str, got: str, expected: str, fix: str, issue: str = "invalid"
    ) -> None:
        super().__init__(code=code, where=where, got=got, expected=expected, fix=fix)
        self.issue = issue

    def __reduce__(self) -> tuple[object, ...]:
        return _remake, (self.code, self.where, self.got, self.expected, self.fix, self.issue)


def _remake(code: str, where: str, got: str, expected: str, fix: str, issue: str) -> SearchRefused:
    return SearchRefused(code=code, where=where, got=got, expected=expected, fix=fix, issue=issue)


def show(text: str) -> str:
    """What was asked as a message may repeat it: quoted and cut."""
    return repr(text[:LONGEST])


def refuse_value(where: str, got: str, expected: str, fix: str = "correct the value") -> SearchRefused:
    """The refusal of a value that cannot be read."""
    return SearchRefused(code="REC-202", where=show_name(where), got=show(got), expected=expected, fix=fix)


def refuse_unsupported(where: str, got: str, expected: str) -> SearchRefused:
    """The refusal of what FHIR knows and this server does not do."""
    return SearchRefused(
        code="REC-203", where=show_name(where), got=got, expected=expected,
        fix="leave it out or ask otherwise", issue="not-supported",
    )  # fmt: skip


def refuse_cost(where: str, got: str, expected: str, fix: str) -> SearchRefused:
    """The refusal of what would take more than one question may."""
    return SearchRefused(
        code="REC-204", where=show_name(where), got=got, expected=expected, fix=fix, issue="too-costly"
    )


def show_name(name: str) -> str:
    """A name of a parameter as a place in a message."""
    return name[:LONGEST] if name and name.isprintable() else show(name)
