"""Finding what was scanned, or saying that it is not there."""

from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.specimens import Specimen


def get_container(books: Books, name: str) -> Container:
    """The container with a name; `NotFoundError` BIO-004."""
    found = books.find_container(name)
    if found is None:
        raise NotFoundError(
            code="BIO-004", where=f"container {name:.64}", got="none of that name",
            expected="one that is known",
            fix="scan its label again, or add it to the storage first",
        )  # fmt: skip
    return found


def get_box(books: Books, name: str) -> Container:
    """A container for specimens; `InputError` BIO-005 for one that holds containers."""
    box = get_container(books, name)
    if box.holds != "specimens":
        raise InputError(
            code="BIO-005", where=f"container {name}", got=f"a {box.kind}, which holds containers",
            expected="a box, cane or plate that specimens stand in", fix="scan the box",
        )  # fmt: skip
    return box


def get_specimen(books: Books, barcode: str) -> Specimen:
    """The specimen with a barcode; `NotFoundError` BIO-006."""
    found = books.find_specimen(barcode)
    if found is None:
        raise NotFoundError(
            code="BIO-006", where=f"specimen {barcode:.64}", got="an unknown barcode",
            expected="one that was accessioned", fix="scan it again, or accession it first",
        )  # fmt: skip
    return found


def get_present(books: Books, barcode: str) -> Specimen:
    """A specimen that is in the house; `ConflictError` BIO-007 for one that is away or gone."""
    found = get_specimen(books, barcode)
    check_present(found)
    return found


def check_present(specimen: Specimen) -> None:
    """Refuse what is not in the house."""
    if specimen.state in ("away", "gone"):
        raise ConflictError(
            code="BIO-007", where=f"specimen {specimen.barcode}", got=f"{specimen.state} ({specimen.holder})",
            expected="a specimen in the house",
            fix="receive it back first, or scan again: the label may be another's",
        )  # fmt: skip
