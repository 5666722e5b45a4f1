"""What is not allowed to be seen is not found, counted, sorted by, followed or included."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from tests.records import make_observation, make_patient
from tests.unit.record.search.conftest import ask, get_ids, put_all

from oncopolis.record.search import finding
from oncopolis.record.store import Store


@dataclass(frozen=True)
class Without:
    """Everything but some ids."""

    hidden: tuple[str, ...]

    def restrict(self, type_: str, alias: str) -> tuple[str, tuple[Any, ...]]:
        assert type_
        return f"{alias}.id NOT IN ({', '.join('?' * len(self.hidden))})", self.hidden


@pytest.fixture
def hospital(store: Store) -> Store:
    """Four patients with a value each; the first refers to the second."""
    put_all(store, (make_patient(f"p{n}", f"Name{n}") for n in range(4)))
    linked = {
        **make_patient("p0", "Name0"),
        "link": [{"other": {"reference": "Patient/p1"}, "type": "seealso"}],
    }
    put_all(store, [linked, *(make_observation(str(70 + n), patient=f"p{n}", id_=f"o{n}") for n in range(4))])
    return store


@pytest.mark.parametrize(("most", "checked"), [(0, 100), (5_000, 100), (5_000, 0)])
@pytest.mark.parametrize(
    ("hidden", "types", "pairs", "ids"),
    [
        # matches, counts and order
        ("o1", "Observation", [("code", "718-7")], "o0 o2 o3"),
        ("o1", "Observation", [("_sort", "-value-quantity")], "o3 o2 o0"),
        ("o1", "Observation", [("_id", "o1")], ""),
        ("o1", "Observation", [("status:not", "amended")], "o0 o2 o3"),
        ("o1", "Observation", [("code-value-quantity", "718-7$lt72")], "o0"),
        ("p1", "Patient Observation", [("_lastUpdated", "gt2020")], "p0 p2 p3 o0 o1 o2 o3"),
        # what a chain leads over
        ("p1", "Observation", [("subject:Patient.family", "name1")], ""),
        ("p1", "Observation", [("subject:Patient.family:missing", "false")], "o0 o2 o3"),
        ("p1", "Observation", [("subject:Patient.link:missing", "true")], "o2 o3"),
        ("p1", "Patient", [("link:Patient.family", "name1")], ""),
        ("p1", "Observation", [("subject:Patient.link:Patient.family", "name1")], ""),
        # what refers to a record
        ("o1", "Patient", [("_has:Observation:subject:code", "718-7")], "p0 p2 p3"),
        ("o1", "Patient", [("_has:Observation:subject:value-quantity", "71")], ""),
        ("p0", "Patient", [("_has:Patient:link:family", "name0")], ""),
        ("o1", "Patient", [("link:Patient._has:Observation:subject:status", "final")], ""),
    ],
)
def test_what_is_hidden_is_not_told(
    hospital: Store,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    checked: int,
    hidden: str,
    types: str,
    pairs: Sequence[tuple[str, str]],
    ids: str,
) -> None:
    monkeypatch.setattr(finding, "MOST_CANDIDATES", most)
    monkeypatch.setattr(finding, "MOST_CHECKED", checked)
    allowed = Without((hidden,))
    found = ask(hospital, types, *pairs, ("_total", "accurate"), allowed=allowed)
    assert " ".join(get_ids(found)) == ids
    assert found.total == len(ids.split())
    assert ask(hospital, types, *pairs, ("_summary", "count"), allowed=allowed).total == len(ids.split())
    assert found.next is None


@pytest.mark.parametrize(
    ("hidden", "types", "pairs", "ids"),
    [
        ("p1", "Observation", [("_include", "Observation:subject")], "p0 p2 p3"),
        ("p1", "Patient", [("_id", "p0"), ("_include", "*")], ""),
        ("p1", "Observation", [("_id", "o0"), ("_include", "*"), ("_include:iterate", "Patient:link")], "p0"),
        ("o1", "Patient", [("_revinclude", "Observation:subject")], "o0 o2 o3"),
        ("o1", "Patient", [("_id", "p1"), ("_revinclude", "*")], "p0"),
        (
            "p1",
            "Patient",
            [("_id", "p0"), ("_include", "*"), ("_revinclude:iterate", "Observation:subject")],
            "o0",
        ),
    ],
)
def test_what_is_hidden_does_not_come_along(
    hospital: Store, hidden: str, types: str, pairs: Sequence[tuple[str, str]], ids: str
) -> None:
    found = ask(hospital, types, *pairs, allowed=Without((hidden,)))
    assert sorted(one.id for one in found.included) == sorted(
        one for one in ids.split() if one not in get_ids(found)
    )


def test_pages_tell_nothing_of_what_is_hidden(hospital: Store) -> None:
    """A page is as full, and its link as it would be, were the hidden records not there."""
    allowed = Without(("o0", "o2"))
    page = ask(hospital, "Observation", ("_count", "1"), ("_sort", "date"), allowed=allowed)
    assert (get_ids(page), page.total) == (["o1"], 2)
    last = ask(
        hospital,
        "Observation",
        ("_count", "1"),
        ("_sort", "date"),
        ("_cursor", page.next or ""),
        allowed=allowed,
    )
    assert (get_ids(last), last.next) == (["o3"], None)


def test_includes_end(hospital: Store) -> None:
    """Two records that refer to each other come once, however often the loop is gone round."""
    back = {
        **make_patient("p1", "Name1"),
        "link": [{"other": {"reference": "Patient/p0"}, "type": "seealso"}],
    }
    put_all(hospital, [back])
    found = ask(hospital, "Patient", ("_id", "p0"), ("_include:iterate", "*"), ("_revinclude:iterate", "*"))
    assert [one.id for one in found.included] == ["p1", "o0", "o1"]
    assert len({one.id for one in found.included}) == 3
