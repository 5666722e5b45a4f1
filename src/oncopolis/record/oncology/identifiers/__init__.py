"""National numbers of patients: their form, what they say, and their check digits."""

from oncopolis.record.oncology.identifiers.korea import check_rrn
from oncopolis.record.oncology.identifiers.person import Person
from oncopolis.record.oncology.identifiers.russia import check_enp, check_snils
from oncopolis.record.oncology.identifiers.uzbekistan import check_pinfl

__all__ = ["Person", "check_enp", "check_pinfl", "check_rrn", "check_snils"]
