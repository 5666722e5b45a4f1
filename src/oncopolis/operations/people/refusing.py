"""Why somebody is not registered, corrected or merged."""

from collections.abc import Sequence
from typing import Final, NoReturn

from oncopolis.foundation import ConflictError, InputError
from oncopolis.foundation.marking import mark

__all__ = [
    "REASONS",
    "SENTENCES",
    "refuse_likely",
    "refuse_merged",
    "refuse_nothing",
    "refuse_number",
    "refuse_taken",
    "refuse_told",
]


def refuse_nothing() -> NoReturn:
    """Say that somebody who is known has a name."""
    raise InputError(
        code="OPS-020", where="names", got="no name", expected="a name, or that nobody knows who it is",
        fix="ask for the name",
    )  # fmt: skip


def refuse_number(where: str, got: str, expected: str) -> NoReturn:
    """Say what is wrong with a number."""
    raise InputError(
        code="OPS-021", where=where, got=got, expected=expected, fix="look at the document and type it again"
    )


def refuse_taken(system: str, holder: str) -> NoReturn:
    """Say that somebody has this number."""
    raise ConflictError(
        code="OPS-022", where=f"identifier of {system}", got=f"that of Patient/{holder}",
        expected="a number nobody here has", fix="it is the same person: open their record",
    )  # fmt: skip


def refuse_likely(candidates: Sequence[str]) -> NoReturn:
    """Say who is likely the same, so that somebody looks at them."""
    raise ConflictError(
        code="OPS-023", where="not_one_of", got=f"likely one of {', '.join(candidates)}",
        expected="somebody who is not here yet, or that they are none of these",
        fix="open the record of the one it is, or say that it is none of them",
    )  # fmt: skip


def refuse_merged(patient: str, into: str) -> NoReturn:
    """Say that a record is not in use any more."""
    raise ConflictError(
        code="OPS-024", where=f"Patient/{patient}", got=f"a record that was merged into Patient/{into}",
        expected="one that is in use", fix="open that one",
    )  # fmt: skip


def refuse_told(patient: str) -> NoReturn:
    """Say that somebody is known already."""
    raise ConflictError(
        code="OPS-025", where=f"Patient/{patient}", got="somebody who is known",
        expected="somebody nobody knew", fix="correct the record instead",
    )  # fmt: skip


SENTENCES: Final = {
    "OPS-020": mark("Type the name, or say that nobody knows who it is."),
    "OPS-021": mark("This number cannot be right: a digit is wrong or missing. Look at the document again."),
    "OPS-022": mark("Somebody here has this number: it is the same person. Open their record."),
    "OPS-023": mark("Somebody here is very likely the same person. Look at them first."),
    "OPS-024": mark("This record was merged into another one. Open that one."),
    "OPS-025": mark("It is known who this is. Correct the record instead."),
    "OPS-026": mark("Both are in the house now. End one of the visits first."),
    "OPS-027": mark("Both have an appointment at the same time. Move or cancel one of them first."),
    "OPS-028": mark("Both are on the same pathway. End one of the courses first."),
    "REC-340": mark("These are not two records in use. Look both up again."),
    "REC-341": mark("Both are in the house now. End one of the visits first."),
    "REC-342": mark("There is too much in this record. Merge the other way round."),
    "REC-343": mark("There is no merge here that can be undone."),
}
"""What somebody at a desk is told about each."""

REASONS: Final = {
    ("family", "same"): mark("same family name"),
    ("family", "sounds"): mark("family name sounds the same"),
    ("family", "near"): mark("family name differs by a slip"),
    ("family", "former"): mark("family name of before"),
    ("family", "differs"): mark("another family name"),
    ("korean", "same"): mark("same family name"),
    ("korean", "differs"): mark("another family name"),
    ("given", "same"): mark("same given name"),
    ("given", "sounds"): mark("given name sounds the same"),
    ("given", "near"): mark("given name differs by a slip"),
    ("given", "differs"): mark("another given name"),
    ("father", "same"): mark("same patronymic"),
    ("father", "sounds"): mark("patronymic sounds the same"),
    ("father", "near"): mark("patronymic differs by a slip"),
    ("father", "differs"): mark("another patronymic"),
    ("order", "turned"): mark("family and given name changed places"),
    ("birth", "same"): mark("same date of birth"),
    ("birth", "turned"): mark("day and month of birth changed places"),
    ("birth", "slip"): mark("one digit of the date of birth differs"),
    ("birth", "differs"): mark("another date of birth"),
    ("birth_part", "same"): mark("date of birth agrees as far as it is known"),
    ("birth_part", "differs"): mark("another date of birth"),
    ("sex", "same"): mark("same sex"),
    ("sex", "differs"): mark("another sex"),
    ("identifier", "same"): mark("same number of a document"),
    ("identifier", "near"): mark("number of a document differs by one digit"),
    ("identifier", "differs"): mark("another number of a document"),
    ("phone", "same"): mark("same telephone"),
    ("phone", "differs"): mark("another telephone"),
}
"""What is said of each thing that two people agree or differ in."""
