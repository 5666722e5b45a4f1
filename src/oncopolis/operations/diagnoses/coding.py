"""Codes of a diagnosis and a stage: basis, side, edition, what a classification is from.

The bases are those of ENCR and IACR (ENCR, *Recommendations for coding Basis of Diagnosis*, 1999, with code 8
as revised in 2022; the lists of METeOR 422772 and of the English data set COSD, which have them, were opened
in November 2026). The systems of TNM are those of mCODE STU4 (value set `mcode-tnm-staging-method-vs`,
opened).
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

Basis: TypeAlias = Literal["0", "1", "2", "4", "5", "6", "7", "8", "9"]
Side: TypeAlias = Literal["right", "left", "both", "midline"]
Edition: TypeAlias = Literal["ajcc-8", "ajcc-7", "ajcc-6", "uicc-9", "uicc-8"]
Classified: TypeAlias = Literal["c", "p", "yc", "yp", "r", "a"]
"""Clinical, pathological, either after treatment began, at recurrence, at autopsy."""
Grade: TypeAlias = Literal["GX", "G1", "G2", "G3", "G4"]

BASES: Final[tuple[Basis, ...]] = get_args(Basis)
SIDES: Final[dict[Side, str]] = {
    "right": "24028007", "left": "7771000", "both": "51440002", "midline": "399488007",
}  # fmt: skip
"""Side -> SNOMED CT, as mCODE has them."""
EVIDENCE: Final[dict[Basis, str]] = {
    "1": "5880005", "2": "363679005", "4": "386344002", "5": "252416005", "6": "252416005", "7": "252416005",
    "8": "386344002",
}  # fmt: skip
"""Basis -> kind of evidence of mCODE (SNOMED CT), where there is one (RECALLED)."""
EDITIONS: Final[dict[Edition, tuple[str, str]]] = {
    "ajcc-8": ("AJCC 8", "897275008"),
    "ajcc-7": ("AJCC 7", "443830009"),
    "ajcc-6": ("AJCC 6", "444256004"),
    "uicc-9": ("UICC 9", ""),
    "uicc-8": ("UICC 8", ""),
}
"""Edition -> its name, and its SNOMED CT code in mCODE's value set; UICC's have none there."""
CLASSIFIED: Final[tuple[Classified, ...]] = get_args(Classified)
GRADES: Final[tuple[Grade, ...]] = get_args(Grade)


@dataclass(frozen=True, slots=True)
class Part:
    """One observation of a stage: its profile in mCODE, and its SNOMED CT codes by what it is from."""

    profile: str
    clinical: str
    pathological: str
    other: str

    def find_code(self, classified: Classified) -> str:
        """Return the code for what a classification is from."""
        return {"c": self.clinical, "p": self.pathological}.get(classified[-1], self.other)


GROUP: Final = Part("tnm-stage-group", "399537006", "399588009", "399390009")
PARTS: Final[dict[str, Part]] = {
    "t": Part("tnm-primary-tumor-category", "399504009", "384625004", "78873005"),
    "n": Part("tnm-regional-nodes-category", "399534004", "371494008", "277206009"),
    "m": Part("tnm-distant-metastases-category", "399387003", "371497001", "277208005"),
}
"""T, N and M."""
MCODE: Final = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
AJCC: Final = "http://cancerstaging.org"
"""System of categories and groups as mCODE's examples have it."""
NCIT: Final = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
GRADE_CODE: Final = "C18000"
"""Histologic grade, in the thesaurus of the NCI."""
