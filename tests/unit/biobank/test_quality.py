"""Checklists with evidence, what does not conform, and audits by sample."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.banks import ANNA, BEK, NOON_MS, keep, make_tissue

from oncopolis.biobank.performing import Bank
from oncopolis.biobank.quality.auditing import draw
from oncopolis.biobank.quality.requirements import get_standards, list_requirements
from oncopolis.foundation import OncopolisError
from oncopolis.record.biobank.quality import (
    Audit,
    Nonconformity,
    count_stored,
    list_audited,
    list_evidence,
    list_nonconformities,
)

Do = Callable[..., dict[str, Any]]
DAY_MS = 86_400_000


def test_the_checklists_are_whole_and_say_what_was_opened() -> None:
    requirements = list_requirements()
    assert len({one.id for one in requirements}) == len(requirements) >= 30
    assert {one.standard for one in requirements} == get_standards().keys() == {"iso-20387", "isber"}
    assert {one.opened for one in get_standards().values()} == {"contents", "no"}
    assert sum(bool(one.shown) for one in requirements) >= 20
    path = Path(__file__).parents[3] / "src/oncopolis/biobank/quality/requirements.yaml"
    assert len(yaml.safe_load(path.read_text("utf-8"))["requirements"]) == len(requirements)


def test_the_last_evidence_counts_and_what_was_said_before_stays(bank: Bank, do: Do) -> None:
    do("bank_evidence", requirement="iso-20387-7.7", state="missing", said="no alarm at night")
    do("bank_evidence", requirement="iso-20387-7.7", state="met", said="SOP 12, version 3")
    found = bank.store.ask(lambda reading: list_evidence(reading.session))
    assert (found["iso-20387-7.7"].state, found["iso-20387-7.7"].said) == ("met", "SOP 12, version 3")
    assert bank.ask(lambda books: books.make_number("bank_evidence")) == 3
    with pytest.raises(OncopolisError, match="BIO-182"):
        do("bank_evidence", requirement="iso-20387-99", state="met", said="x")


def test_a_nonconformity_is_owned_and_closed_by_somebody_else_with_evidence(bank: Bank, do: Do) -> None:
    do("bank_nonconformity", title="Label fell off", severity="major", requirement="iso-20387-7.5")
    owned = {
        "nonconformity": 1, "owner": "Anna", "cause": "glue below -150", "action": "other labels",
        "due_ms": NOON_MS + DAY_MS,
    }  # fmt: skip
    with pytest.raises(OncopolisError, match="BIO-177"):
        do("bank_close_nonconformity", nonconformity=1, evidence="x")
    with pytest.raises(OncopolisError, match="BIO-176"):
        do("bank_own_nonconformity", **(owned | {"due_ms": NOON_MS}))
    do("bank_own_nonconformity", **owned)
    with pytest.raises(OncopolisError, match="BIO-178"):
        do("bank_close_nonconformity", who=ANNA, nonconformity=1, evidence="looked")
    do("bank_close_nonconformity", who=BEK, nonconformity=1, evidence="100 labels after a month")
    closed = bank.store.ask(lambda reading: list_nonconformities(reading.session, is_open=False))
    assert [(one.closed_by, one.evidence) for one in closed] == [
        ("Practitioner/bek", "100 labels after a month")
    ]
    with pytest.raises(OncopolisError, match="BIO-175"):
        do("bank_own_nonconformity", **owned)
    with pytest.raises(OncopolisError, match="BIO-174"):
        do("bank_own_nonconformity", **(owned | {"nonconformity": 9}))


def test_an_audit_says_what_it_found_and_opens_what_does_not_conform(bank: Bank, do: Do) -> None:
    with pytest.raises(OncopolisError, match="BIO-179"):
        do("bank_draw_audit")
    keep(bank.store, [
        *(make_tissue(n, 102, n) for n in range(1, 6)), *(make_tissue(n, 202, n - 6) for n in range(6, 12))
    ])  # fmt: skip
    drawn = do("bank_draw_audit", confidence_percent=90, share_percent=30)
    assert (drawn["audit"], drawn["of"]) == (1, 11)
    lines = bank.store.ask(lambda reading: list_audited(reading.session, 1))
    assert [one.n for one in lines] == list(range(1, drawn["n"] + 1))
    assert [one.place for one in lines] == sorted(one.place for one in lines)
    left = [do("bank_check_audit", audit=1, n=one.n, found="here")["left"] for one in lines[:-1]]
    assert left[-1] == 1
    told = do("bank_check_audit", who=BEK, audit=1, n=lines[-1].n, found="missing", said="empty")
    assert (told["left"], told["wrong"], told["of"]) == (0, 1, 11)
    audit = bank.ask(lambda books: books.find(Audit, 1))
    assert audit is not None
    assert (audit.state, audit.n_wrong, audit.most_wrong) == ("done", 1, told["most_wrong"])
    opened = bank.ask(lambda books: books.find(Nonconformity, 1))
    assert opened is not None
    assert (opened.severity, opened.found_by, opened.requirement) == (
        "major", "Practitioner/bek", "iso-20387-7.5",
    )  # fmt: skip
    assert opened.said == f"{lines[-1].place}. empty"
    with pytest.raises(OncopolisError, match="BIO-181"):
        do("bank_check_audit", audit=1, n=1, found="here")
    with pytest.raises(OncopolisError, match="BIO-180"):
        do("bank_check_audit", audit=1, n=99, found="here")


def test_each_specimen_is_as_likely_to_be_drawn(bank: Bank) -> None:
    """Out of 12 of which 8 are stored, 3 are drawn 2,000 times: each about 750 times."""
    stored = [(n, 102, n - 1) for n in range(1, 5)] + [(n, 202, n - 9) for n in range(9, 13)]
    keep(bank.store, [*(make_tissue(*one) for one in stored), *(make_tissue(n) for n in range(5, 9))])

    def count(books: Any) -> dict[int, int]:
        n_all, last = count_stored(books.session)
        found: dict[int, int] = {}
        for seed in range(2_000):
            drawn = draw(books.session, 3, n_all, last, str(seed))
            assert len({one.id for one in drawn}) == 3
            for one in drawn:
                found[one.id] = found.get(one.id, 0) + 1
        return found

    counts = bank.ask(count)
    assert counts.keys() == {1, 2, 3, 4, 9, 10, 11, 12}
    assert all(abs(n - 750) < 110 for n in counts.values())  # five standard deviations
    assert bank.ask(lambda books: draw(books.session, 3, 8, 12, "7")) == bank.ask(
        lambda books: draw(books.session, 3, 8, 12, "7")
    )
