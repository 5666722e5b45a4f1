"""The errors of the record store that a caller tells apart."""

from oncopolis.foundation.errors import ConflictError, NotFoundError


class GoneError(NotFoundError):
    """The record was there and is not any more."""


class VersionConflict(ConflictError):  # noqa: N818 - the word of the field
    """The record has another version than the writer expected."""
