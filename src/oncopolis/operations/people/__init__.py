"""People: registered once, found again, called by their names."""

from oncopolis.operations.people.candidates import Candidate, find_candidates
from oncopolis.operations.people.naming import initials, sort_key, write_name
from oncopolis.operations.people.refusing import REASONS, SENTENCES
from oncopolis.operations.people.registering import ACTS
from oncopolis.operations.people.views import Contact, Identifier, Named, Person

__all__ = [
    "ACTS",
    "REASONS",
    "SENTENCES",
    "Candidate",
    "Contact",
    "Identifier",
    "Named",
    "Person",
    "find_candidates",
    "initials",
    "sort_key",
    "write_name",
]
