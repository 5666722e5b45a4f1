"""The language of cancer: codes, stages and national numbers, as pure functions that tell what is wrong.

Codes only: what they are called is licensed, and loads from the user's own files.
"""

from oncopolis.record.oncology.codes import check_atc, check_loinc, check_snomed
from oncopolis.record.oncology.descriptions import Descriptions, load_descriptions
from oncopolis.record.oncology.icd10 import Icd10, check_icd10, find_group, parse_icd10
from oncopolis.record.oncology.icdo3 import (
    Morphology,
    check_agreement,
    check_morphology,
    check_topography,
    parse_morphology,
    parse_topography,
)
from oncopolis.record.oncology.identifiers import Person, check_enp, check_pinfl, check_rrn, check_snils
from oncopolis.record.oncology.issues import Checked, Issue
from oncopolis.record.oncology.systems import IDENTIFIERS, SYSTEMS, normalise_identifier
from oncopolis.record.oncology.tnm import (
    Stages,
    Tnm,
    check_stage,
    check_tnm,
    load_stages,
    parse_stage,
    parse_tnm,
)

__all__ = [
    "IDENTIFIERS",
    "SYSTEMS",
    "Checked",
    "Descriptions",
    "Icd10",
    "Issue",
    "Morphology",
    "Person",
    "Stages",
    "Tnm",
    "check_agreement",
    "check_atc",
    "check_enp",
    "check_icd10",
    "check_loinc",
    "check_morphology",
    "check_pinfl",
    "check_rrn",
    "check_snils",
    "check_snomed",
    "check_stage",
    "check_tnm",
    "check_topography",
    "find_group",
    "load_descriptions",
    "load_stages",
    "normalise_identifier",
    "parse_icd10",
    "parse_morphology",
    "parse_stage",
    "parse_tnm",
    "parse_topography",
]
