"""New donors: the biobank knows them by a pseudonym."""

from oncopolis.biobank.deciding import Moment
from oncopolis.foundation import NotFoundError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.specimens import Donor

_LENGTH = 12  # structure: characters of a new pseudonym, of the random end of an id


def make_donor(books: Books, patient: str | None, pseudonym: str | None, moment: Moment) -> Donor:
    """A donor who was not known, under the pseudonym of another house or one of chance.

    Raises
    ------
    NotFoundError
        No patient of the house has that id (BIO-224).
    """
    if patient is not None and moment.fetch("Patient", patient) is None:
        raise NotFoundError(
            code="BIO-224", where="donor", got=f"patient {patient:.64}", expected="a patient of the house",
            fix="scan the wristband, or open the consent from the patient's page",
        )  # fmt: skip
    drawn = pseudonym or f"D-{moment.make_id()[-_LENGTH:].upper()}"
    return Donor(books.make_number(Donor.TABLE), drawn, patient)
