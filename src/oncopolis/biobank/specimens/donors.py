"""New donors: the biobank knows them by a pseudonym."""

from oncopolis.biobank.deciding import Moment
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.specimens import Donor

_LENGTH = 12  # structure: characters of a new pseudonym, of the random end of an id


def make_donor(books: Books, patient: str | None, pseudonym: str | None, moment: Moment) -> Donor:
    """A donor who was not known, under the pseudonym of another house or one of chance."""
    drawn = pseudonym or f"D-{moment.make_id()[-_LENGTH:].upper()}"
    return Donor(books.make_number(Donor.TABLE), drawn, patient)
