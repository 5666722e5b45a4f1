"""What a biobank says of itself and its collections: MIABIS Core 3, as a file of the project."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from oncopolis.foundation import Frozen, InputErrors
from oncopolis.foundation.faults import to_errors
from oncopolis.foundation.located import load_yaml

Line = Annotated[str, Field(min_length=1, max_length=300)]  # structure: characters of a line
Text = Annotated[str, Field(min_length=1, max_length=2_000)]  # structure: what MIABIS recommends
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]

Dataset = Literal[
    "LifeStyle", "Environmental", "Physiological", "Biochemical", "Clinical", "Psychological", "Genomic",
    "Proteomic", "Metabolomic", "BodyImage", "WholeSlideImage", "PhotoImage", "GenealogicalRecords", "Other",
]  # fmt: skip


class Contact(Frozen):
    """Who answers for it."""

    given: Line
    family: Line
    email: Line
    phone: str = ""


class Described(Frozen):
    """What biobanks and collections have in common."""

    id: Id
    """Technical and given by the biobank; also the id of the FHIR record."""
    name: Line
    """Preferably in English."""
    acronym: str = ""
    url: str = ""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    """ISO 3166-1, two letters."""
    contact: Contact
    description: Text


class Collection(Described):
    """Samples that were gathered in one context."""

    gathers: tuple[str, ...]
    """What specimens say they were gathered for, as the biobank has it; '' for those that say nothing."""
    dataset_types: Annotated[tuple[Dataset, ...], Field(min_length=1)]
    setting: Literal[
        "RoutineHealthCare", "ClinicalTrial", "ResearchStudy", "Public", "Museum", "Environment",
        "Unknown", "Other",
    ] = "RoutineHealthCare"  # fmt: skip
    designs: tuple[
        Literal[
            "CaseControl", "CrossSectional", "LongitudinalCohort", "TwinStudy", "QualityControl",
            "PopulationBasedCohort", "DiseaseSpecificCohort", "BirthCohort", "MicrobialCollection",
            "ReferenceCollection", "RareDiseaseCollection", "Other",
        ], ...,
    ] = ()  # fmt: skip
    criteria: tuple[
        Literal[
            "HealthStatus", "HospitalPatient", "UseOfMedication", "Gravidity", "AgeGroup", "FamilialStatus",
            "Sex", "CountryOfResidence", "EthnicOrigin", "PopulationRepresentative", "Lifestyle", "Other",
        ], ...,
    ] = ()  # fmt: skip
    publications: tuple[Line, ...] = ()


class Biobank(Described):
    """The biobank, MIABIS Core 3."""

    juristic_person: Line
    infrastructure: tuple[Literal["SampleStorage", "DataStorage", "Biosafety"], ...] = ("SampleStorage",)
    organisation: tuple[
        Literal[
            "RecontactDonors", "ClinicalTrials", "ProspectiveCollections", "OmicsData", "LabAnalysisData",
            "ClinicalData", "PathologyArchive", "RadiologyArchive", "MedicalRegistries", "Other",
        ], ...,
    ] = ()  # fmt: skip
    processing: tuple[
        Literal[
            "BioChemAnalyses", "Genomics", "NucleicAcidExtraction", "Proteomics", "Metabolomics", "Histology",
            "CellLinesProcessing", "Virology", "SampleProcessing", "SampleShipping",
            "SampleQualityControlServices", "Other",
        ], ...,
    ] = ()  # fmt: skip
    standards: tuple[Line, ...] = ()
    """Standards it is certified or accredited for, such as ISO 20387."""
    collections: Annotated[tuple[Collection, ...], Field(min_length=1)]


def load_description(path: Path) -> Biobank:
    """The description of a biobank; `InputErrors` BIO-170 for what is wrong with it."""
    located = load_yaml(path)
    try:
        return Biobank.model_validate(located.data)
    except ValidationError as error:
        raise InputErrors(to_errors(error, located, (), code="BIO-170", model=Biobank)) from None
