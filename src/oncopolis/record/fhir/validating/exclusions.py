"""What `$validate` does not check, why, and what happens instead."""

from dataclasses import dataclass
from typing import Final

__all__ = ["EXCLUSIONS", "Exclusion"]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One thing that is not checked.

    Parameters
    ----------
    what
        Rule or part of the standard.
    why
        What it would take.
    instead
        What the answer says, or what is checked in its place.
    """

    what: str
    why: str
    instead: str


_SILENT: Final = "nothing is said"
EXCLUSIONS: Final = (
    Exclusion(
        "codes of SNOMED CT, LOINC, UCUM, ICD and other systems that lie elsewhere",
        "a terminology server, for most of them with a licence",
        "the form and the check digit of a code where its system has them (a warning)",
    ),
    Exclusion(
        "value sets that are open: a filter over a code system, or not in the packages",
        "a terminology server",
        "an information issue names the value set, if the binding is required",
    ),
    Exclusion("value sets of preferred and example bindings", "they bind to nothing", _SILENT),
    Exclusion(
        "memberOf() and conformsTo() in conditions",
        "a terminology server, all profiles",
        "no rule of R4 or mCODE uses them",
    ),
    Exclusion(
        "resolve() in conditions (ctm-1)",
        "the records that are referred to",
        "the condition holds as if there were none",
    ),
    Exclusion(
        "slices told apart by what a reference resolves to",
        "the records that are referred to",
        "an information issue; elements of such slices are not counted",
    ),
    Exclusion(
        "whether the target of a reference conforms to a profile",
        "the records that are referred to",
        "the type of resource in the reference is checked",
    ),
    Exclusion(
        "UCUM arithmetic (rng-2 and other comparisons across units)",
        "a table of units",
        "values of one unit are compared",
    ),
    Exclusion(
        "rules US Core states outside of mCODE's snapshots, its value sets and its extensions",
        "the package hl7.fhir.us.core, which npm does not have",
        "what the snapshots of mCODE inherit from it is checked; of its extensions the address",
    ),
    Exclusion(
        "profiles other than those of mCODE STU4",
        "their packages",
        "an information issue names a profile that is claimed and not known",
    ),
    Exclusion("whether display, text and narrative say what the codes say", "a reader", _SILENT),
)
"""Everything of that kind."""
