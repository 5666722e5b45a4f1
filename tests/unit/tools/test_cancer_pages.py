"""The reference tells what is checked, what is not, and every item of the form."""

from oncopolis.record.fhir.validating.exclusions import EXCLUSIONS
from oncopolis.record.oncology.notification import ITEMS, VARIANTS
from reference.cancer_pages import list_pages


def test_the_pages_have_every_row() -> None:
    pages = dict(list_pages())
    validating, notification = pages["validating_records.md"], pages["cancer_notification.md"]
    assert all(exclusion.what.split("|")[0] in validating for exclusion in EXCLUSIONS)
    assert validating.count("RECALLED") == 1
    assert all(f"`{item.key}`" in notification for item in ITEMS)
    assert all(variant.name in notification for variant in VARIANTS.values())
