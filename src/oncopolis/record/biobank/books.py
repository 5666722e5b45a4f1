"""Everything the biobank asks of its rows: places and specimens, and whose they are and who may have them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from oncopolis.record.biobank.criteria import Criteria, write_condition
from oncopolis.record.biobank.holdings import Holdings
from oncopolis.record.biobank.places import Evacuation, Step
from oncopolis.record.biobank.requests import Payment, Permit, Pick, Request, Shipment
from oncopolis.record.biobank.rows import BankRow, R, part, select, select_in
from oncopolis.record.biobank.specimens import Consent, Donor, Form, Result, Specimen, Task
from oncopolis.record.store.replaced import list_replaced

_PAGE = 5_000  # structure: rows that are read at once


class Books(Holdings):
    """All that is kept of the biobank, as one session sees it."""

    def make_numbers(self, kind: type[BankRow]) -> Iterator[int]:
        """Numbers of new rows of a kind."""
        return count(self.make_number(kind.TABLE))

    def find(self, kind: type[R], id_: int) -> R | None:
        """A row by its number."""
        return next(iter(select(self.session, kind, "t.id = ?", (id_,))), None)

    def find_donor(self, pseudonym: str) -> Donor | None:
        """The donor with a pseudonym."""
        return next(iter(select(self.session, Donor, "t.pseudonym = ?", (pseudonym,))), None)

    def find_donors(self, pseudonyms: Iterable[str]) -> dict[str, Donor]:
        """Those of these pseudonyms that are known."""
        return {one.pseudonym: one for one in select_in(self.session, Donor, "pseudonym", pseudonyms)}

    def get_donors(self, ids: Iterable[int]) -> list[Donor]:
        """Donors by number."""
        return select_in(self.session, Donor, "id", ids)

    def list_donors_of(self, patient: str) -> list[Donor]:
        """The donors a patient is: several, if records of the patient were merged."""
        known = [patient, *list_replaced(self.session, patient)]
        return sorted(select_in(self.session, Donor, "patient", known), key=lambda one: one.id)

    def find_donor_of(self, patient: str) -> Donor | None:
        """The donor a patient is, the first of several."""
        return next(iter(self.list_donors_of(patient)), None)

    def find_form(self, name: str, version: int) -> Form | None:
        """A version of a consent form."""
        found = select(self.session, Form, "t.name = ? AND t.version = ?", (name, version))
        return next(iter(found), None)

    def list_forms(self, name: str) -> list[Form]:
        """The versions of a consent form, the newest first."""
        return select(self.session, Form, "t.name = ?", (name,), "ORDER BY t.version DESC")

    def list_all_forms(self) -> list[Form]:
        """All versions of all forms."""
        return select(self.session, Form, "1 = 1", (), "ORDER BY t.name, t.version DESC")

    def list_consents(self, donor: int) -> list[Consent]:
        """What a donor has agreed to, withdrawn or not, the newest first."""
        return select(self.session, Consent, "t.donor = ?", (donor,), "ORDER BY t.id DESC")

    def find_consent_recorded(self, record: str) -> Consent | None:
        """The consent that a FHIR Consent stands for."""
        return next(iter(select(self.session, Consent, "t.record = ?", (record,))), None)

    def find_scopes(self, donors: Iterable[int]) -> dict[int, int]:
        """What these donors agree to now, as bits; who agrees to nothing is missing."""
        found: dict[int, Consent] = {}
        for one in select_in(self.session, Consent, "donor", donors):
            if one.donor not in found or found[one.donor].id < one.id:
                found[one.donor] = one
        return {donor: one.scopes for donor, one in found.items() if one.withdrawn_ms is None}

    def find_withdrawn(self, donors: Iterable[int]) -> set[int]:
        """Those of these donors who took back what they agreed to last."""
        asked = set(donors)
        with_any = {one.donor for one in select_in(self.session, Consent, "donor", asked)}
        return with_any - self.find_scopes(asked).keys()

    def list_of_donor(self, donor: int) -> list[Specimen]:
        """All specimens of a donor, gone or not."""
        return select(self.session, Specimen, "t.donor = ?", (donor,), "ORDER BY t.id")

    def list_unpublished(self, after: int, limit: int) -> list[Specimen]:
        """Specimens without a FHIR record from a number on: parents come before their children."""
        where = "t.record IS NULL AND t.id > ?"
        return select(self.session, Specimen, where, (after,), f"ORDER BY t.id LIMIT {int(limit)}")

    def walk_specimens(self, after: int = 0) -> Iterator[Specimen]:
        """Yield all specimens by number from one on, whatever became of them."""
        last = after
        while found := select(self.session, Specimen, "t.id > ?", (last,), f"ORDER BY t.id LIMIT {_PAGE}"):
            yield from found
            last = found[-1].id

    def list_results(self, specimen: int) -> list[Result]:
        """What was measured of a specimen."""
        return select(self.session, Result, "t.specimen = ?", (specimen,), "ORDER BY t.id")

    def list_tasks(self, states: Sequence[str], limit: int) -> list[Task]:
        """Tasks in these states, the oldest first."""
        marks = ", ".join("?" * len(states))
        return select(
            self.session, Task, f"t.state IN ({marks})", states, f"ORDER BY t.id LIMIT {int(limit)}"
        )

    def list_tasks_of(self, specimens: Iterable[int]) -> list[Task]:
        """Tasks about these specimens."""
        return select_in(self.session, Task, "specimen", specimens)

    def list_requests(self) -> list[Request]:
        """All requests, the newest first."""
        return select(self.session, Request, "1 = 1", (), "ORDER BY t.id DESC")

    def list_picks(self, request: int) -> list[Pick]:
        """What is on the pick list of a request, in the order of the walk."""
        return select(self.session, Pick, "t.request = ?", (request,), "ORDER BY t.n")

    def list_picks_of(self, specimens: Iterable[int]) -> list[Pick]:
        """Where these specimens were on pick lists."""
        return select_in(self.session, Pick, "specimen", specimens)

    def find_permit(self, number: str) -> Permit | None:
        """The export permit with a number."""
        return next(iter(select(self.session, Permit, "t.number = ?", (number,))), None)

    def list_permits(self) -> list[Permit]:
        """All export permits, those that hold longest first."""
        return select(self.session, Permit, "1 = 1", (), "ORDER BY t.until_ms DESC, t.id DESC")

    def list_payments(self, request: int) -> list[Payment]:
        """What was paid for a request."""
        return select(self.session, Payment, "t.request = ?", (request,), "ORDER BY t.id")

    def list_shipments(self, request: int) -> list[Shipment]:
        """The shipments of a request."""
        return select(self.session, Shipment, "t.request = ?", (request,), "ORDER BY t.id")

    def list_last_shipments(self, limit: int) -> list[Shipment]:
        """The last shipments, the newest first."""
        return select(self.session, Shipment, "1 = 1", (), f"ORDER BY t.id DESC LIMIT {int(limit)}")

    def find_evacuation(self, tank: int) -> Evacuation | None:
        """The evacuation of a tank that is under way."""
        found = select(self.session, Evacuation, "t.tank = ? AND t.state = 'begun'", (tank,))
        return next(iter(found), None)

    def list_steps(self, evacuation: int) -> list[Step]:
        """What there is to carry in an evacuation, in order."""
        return select(self.session, Step, "t.evacuation = ?", (evacuation,), "ORDER BY t.n")

    def find_step(self, evacuation: int, n: int) -> Step | None:
        """One thing to carry."""
        found = select(self.session, Step, "t.evacuation = ? AND t.n = ?", (evacuation, n))
        return next(iter(found), None)

    def count_steps_left(self, evacuation: int) -> int:
        """How much is still to be carried."""
        sql = "SELECT count(*) FROM bank_step WHERE evacuation = ? AND done_ms IS NULL"
        return int(self.session.query(sql, (evacuation,))[0][0])

    def list_promised(self, parents: Iterable[int]) -> set[tuple[int, int]]:
        """Places of these containers that evacuations under way will need."""
        found: set[tuple[int, int]] = set()
        for some in part(list(parents)):
            marks = ", ".join("?" * len(some))
            sql = (
                "SELECT s.parent, s.slot FROM bank_step s JOIN bank_evacuation e ON e.id = s.evacuation "  # noqa: S608
                f"WHERE e.state = 'begun' AND s.done_ms IS NULL AND s.parent IN ({marks})"
            )
            found |= {(parent, slot) for parent, slot in self.session.query(sql, some)}
        return found

    def list_all_promised(self) -> set[tuple[int, int]]:
        """Container and place of everything that evacuations under way will need."""
        sql = (
            "SELECT s.parent, s.slot FROM bank_step s JOIN bank_evacuation e ON e.id = s.evacuation "
            "WHERE e.state = 'begun' AND s.done_ms IS NULL"
        )
        return {(parent, slot) for parent, slot in self.session.query(sql)}

    def list_candidates(self, criteria: Criteria, scopes: int) -> list[tuple[int, int, int, int]]:
        """Specimens that may be given out under these criteria: id, donor, box and collected_ms."""
        where, values = write_condition(criteria, scopes)
        rows = self.session.query(
            "SELECT t.id, t.donor, t.box, t.collected_ms FROM bank_specimen t "  # noqa: S608 - a condition of ours
            f"WHERE {where}",
            values,
        )
        return [(id_, donor, box, collected_ms) for id_, donor, box, collected_ms in rows]

    def count_cells(self, criteria: Criteria, scopes: int) -> list[tuple[str, str, str, int, int]]:
        """What could be given out: type, site, sex, how many specimens and of how many donors."""
        where, values = write_condition(criteria, scopes)
        rows = self.session.query(
            "SELECT t.kind, substr(t.site, 1, 3), d.sex, count(*), count(DISTINCT t.donor) "  # noqa: S608
            f"FROM bank_specimen t JOIN bank_donor d ON d.id = t.donor WHERE {where} "
            "GROUP BY t.kind, substr(t.site, 1, 3), d.sex ORDER BY 1, 2, 3",
            values,
        )
        return [(kind, site, sex, n, n_donors) for kind, site, sex, n, n_donors in rows]
