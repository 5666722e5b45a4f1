"""What can be done is named once, and somebody may do it."""

from oncopolis import biobank
from oncopolis.operations import ACTS, VIEWS
from oncopolis.operations.acts import list_acts
from oncopolis.record.access.policy import get_policy
from oncopolis.record.fhir.definitions import get_definitions


def test_no_two_acts_have_one_name() -> None:
    assert len(ACTS) == len(list_acts())


def test_the_access_policy_names_every_act_and_no_other() -> None:
    assert get_policy().acts.keys() == ACTS.keys() | biobank.ACTS.keys() | biobank.ASIDE
    assert not ACTS.keys() & biobank.ACTS.keys()


def test_acts_write_types_of_fhir() -> None:
    known = set(get_definitions().resource_types)
    for writes in [*(act.writes for act in ACTS.values()), *(act.writes for act in biobank.ACTS.values())]:
        assert writes
        assert set(writes) <= known


def test_views_are_found_by_a_parameter_of_their_type() -> None:
    for kind in VIEWS:
        parameter, codes = kind.OPEN
        assert codes
        assert get_definitions().find_search_parameter(kind.TYPE, parameter) is not None
