"""The errors of the record store that a caller tells apart."""

from oncopolis.foundation.errors import ConflictError, NotFoundError


class GoneError(NotFoundError):
    """The record was there and is not any more."""


class ClaimHeld(ConflictError):  # noqa: N818 - the word of the field
    """Somebody else holds what only one may hold.

    Attributes
    ----------
    holder
        Who does, ``Type/id``.
    """

    holder = ""


class VersionConflict(ConflictError):  # noqa: N818 - the word of the field
    """The record has another version than the writer expected."""
