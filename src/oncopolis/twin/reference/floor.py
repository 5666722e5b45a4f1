"""`Floor`: asking for what a phase needs, being served, waiting, and being cut off."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from oncopolis.foundation.units import HOURS_PER_DAY
from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.standing import AGAIN, TRIED
from oncopolis.twin.kernels.tables import DAY, HOUR, NEVER
from oncopolis.twin.reference.agenda import ENDS_FIRST, LEAVES_LAST, NOW, Agenda, What
from oncopolis.twin.reference.appointments import URGENT_BELOW
from oncopolis.twin.reference.counting import Recorder
from oncopolis.twin.reference.definition import Definition
from oncopolis.twin.reference.draws import to_ticks, uniform
from oncopolis.twin.reference.people import Entity, Holding, Patient, Repair, Tail
from oncopolis.twin.reference.resources import Resource
from oncopolis.twin.reference.waiting import WaitingRoom, rank

_TRIES = 64  # structure: room in a draw's number for the time a service is taken up again


@dataclass(frozen=True)
class Fit:
    """Whether a bundle could be held now: what is short, and for what another resource stands in."""

    short: tuple[int, ...]
    too_late: bool
    stand_in_for: int | None

    @property
    def fits(self) -> bool:
        """Whether nothing is short."""
        return not self.short

    def lacks_only(self, resource: int) -> bool:
        """Return whether more of one resource is all that is missing."""
        return self.short == (resource,) and not self.too_late


class Floor:
    """Resources, those who have them, and those who wait for them."""

    def __init__(self, definition: Definition, agenda: Agenda, recorder: Recorder) -> None:
        self._definition, self._agenda, self._recorder = definition, agenda, recorder
        self.resources = [Resource(i, kind) for i, kind in enumerate(definition.kinds)]
        self.waiting = WaitingRoom(definition)
        self.before_run = False
        """Whether people come and go without waiting, so that the run does not begin empty."""
        self._freed: set[int] = set()

    # --- Holding ---

    def _find_credit(self, entity: Entity, resource: int) -> int:
        """Return how much of a resource somebody has already, and would give or keep."""
        for holding in entity.held:
            if holding.hold.resource == resource and not holding.hold.behind:
                return holding.hold.amount
        return 0

    def _find_fit(self, entity: Entity) -> Fit:
        now = self._agenda.now
        phase = entity.get_phase()
        short: list[int] = []
        too_late = False
        stand_in_for: int | None = None
        elsewhere = {h.hold.resource for h in entity.held if h.taken_from != h.hold.resource}
        for hold in phase.bundle.holds:
            if hold.behind:
                continue
            resource = self.resources[hold.resource]
            need = hold.amount - self._find_credit(entity, hold.resource)
            if need <= 0:
                if hold.resource in elsewhere:
                    stand_in_for = hold.resource
                continue
            begins = entity.remaining is None
            if resource.kind.must_fit and begins and now + phase.rest > resource.ends_at:
                too_late = True
                short.append(hold.resource)
            elif resource.free < need:
                other = resource.kind.overflow
                if other >= 0 and stand_in_for is None and self.resources[other].free >= need:
                    stand_in_for = hold.resource
                else:
                    short.append(hold.resource)
        return Fit(tuple(short), too_late, stand_in_for)

    def _take(self, entity: Entity, stand_in_for: int | None) -> None:
        """Hold the bundle of a phase, then give back what was held before."""
        now = self._agenda.now
        taken = []
        for hold in entity.get_phase().bundle.holds:
            place = hold.resource
            if place == stand_in_for:
                place = self.resources[place].kind.overflow
            self.resources[place].take(now, hold.amount)
            taken.append(Holding(hold, place))
        self.give_all(entity)
        entity.held = taken
        for holding in taken:
            if not holding.hold.behind:
                self.resources[holding.taken_from].add_user(entity)

    def _give(self, entity: Entity, holding: Holding) -> None:
        resource = self.resources[holding.taken_from]
        resource.give(self._agenda.now, holding.hold.amount)
        resource.drop_user(entity)
        self.free(resource.number)

    def give_all(self, entity: Entity) -> None:
        """Give back whatever somebody holds."""
        held, entity.held = entity.held, []
        for holding in held:
            self._give(entity, holding)

    def _keep_places(self, entity: Entity) -> None:
        """Keep the places below what is waited for, and give back the rest."""
        ranks = [
            self.resources[hold.resource].kind.rank
            for hold in entity.get_phase().bundle.holds
            if not hold.behind
            and self.resources[hold.resource].kind.stays
            and self._find_credit(entity, hold.resource) < hold.amount
        ]
        wanted = {hold.resource for hold in entity.get_phase().bundle.holds}
        places = {h.hold.resource for h in entity.held if self.resources[h.hold.resource].kind.stays}
        may_stay = not isinstance(entity, Tail) or bool(places & wanted)
        kept: list[Holding] = []
        for holding in entity.held:
            kind = self.resources[holding.hold.resource].kind
            if may_stay and kind.stays and all(kind.rank < rank for rank in ranks):
                kept.append(holding)
            else:
                self._give(entity, holding)
        entity.held = kept

    def hand_over(self, entity: Entity, other: Entity) -> None:
        """Let another hold all that somebody holds."""
        other.held, entity.held = entity.held, []
        for holding in other.held:
            self.resources[holding.taken_from].hand_over(entity, other)

    def lie_down(self, patient: Patient, stand_in_for: int | None = None) -> None:
        """Let somebody hold what they would, had they come after the run began."""
        self._take(patient, stand_in_for)

    # --- Waiting ---

    def free(self, resource: int) -> None:
        """Remember that something may be free for those who wait."""
        if self.waiting.is_wanted(resource):
            self._freed.add(resource)

    def _line_up(self, entity: Entity, short: int) -> None:
        now = self._agenda.now
        entity.asked, entity.lacks = now, short
        if short >= 0:
            resource = self.resources[short]
            resource.change_waiting(now, 1)
            most = self._recorder.counters.most_waiting
            most[short] = max(most[short], resource.waiting)
        self._recorder.change_waiting(now, 1)
        self.waiting.add(entity)

    def stop_waiting(self, entity: Entity) -> None:
        """Take somebody out of those who wait, and count how long they did."""
        now = self._agenda.now
        counters = self._recorder.counters
        self.waiting.drop(entity)
        waited = now - entity.asked
        if entity.lacks >= 0:
            self.resources[entity.lacks].change_waiting(now, -1)
            counters.waited[entity.lacks] += waited
        self._recorder.change_waiting(now, -1)
        counters.wait_sum += waited
        if waited > 0:
            for holding in entity.held:
                counters.blocked[holding.taken_from] += float(waited) * holding.hold.amount
            if isinstance(entity, Patient):
                counters.queueing.append((entity.department, entity.asked, now))

    def _must_queue(self, entity: Entity) -> bool:
        """Return whether others who wait have to be looked at first."""
        return any(
            hold.resource in self._freed
            or (self.waiting.is_wanted(hold.resource) and not self.resources[hold.resource].kind.even)
            for hold in entity.get_phase().bundle.holds
            if not hold.behind and self._find_credit(entity, hold.resource) < hold.amount
        )

    def _draw_patience(self, entity: Entity, fit: Fit) -> int:
        """Return how long somebody waits; only patients, and only for the beginning of an activity."""
        if not isinstance(entity, Patient) or entity.phase > 0 or entity.remaining is not None:
            return NEVER
        patience = NEVER
        if entity.stop.patience is not None:
            patience = entity.stop.patience.draw_ticks(entity.key, k.FOR_PATIENCE, entity.number_stop())
        if fit.short:
            resource = self.resources[fit.short[0]]
            if 0 <= resource.kind.most_waiting <= resource.waiting:
                patience = 0
        return patience

    def _is_over(self, entity: Entity, resource: Resource) -> bool:
        """Return whether somebody who came for the day asks for what will not open again that day."""
        if not isinstance(entity, Patient) or entity.stop.setting > k.DAY_CASE or not resource.is_over:
            return False
        if self.has_refuge(entity, resource):
            return False
        day, time = divmod(self._agenda.now, DAY)
        opens = self._definition.opening[resource.number][day]
        return opens < 0 or self._definition.closing[resource.number][day] <= time

    def _sends_home(self, entity: Entity, lacking: Iterable[int]) -> bool:
        """Let somebody go home if they lack what will not open again that day; return whether they do."""
        over = next((r for r in lacking if self._is_over(entity, self.resources[r])), None)
        if over is None:
            return False
        entity.lacks = over
        self._agenda.schedule(entity, self._agenda.now, What.GOES_HOME, NOW)
        return True

    def has_refuge(self, entity: Entity, resource: Resource) -> bool:
        """Return whether somebody urgent can still be taken by what stands in for what has closed."""
        other = resource.kind.overflow
        return entity.priority < URGENT_BELOW and other >= 0 and not self.resources[other].is_over

    def ask(self, entity: Entity) -> None:
        """Ask for what a phase needs: be served, wait, or give up at once."""
        if self.before_run:
            self._pass_time(entity)
            return
        fit = self._find_fit(entity)
        if fit.fits and not self._must_queue(entity):
            self._serve(entity, fit, waited=0)
            return
        patience = self._draw_patience(entity, fit)
        if len(fit.short) == 1 and not fit.too_late and self._make_room(entity, fit.short[0]):
            fit = self._find_fit(entity)
            if fit.fits:
                self._serve(entity, fit, waited=0)
                return
        short = fit.short[0] if fit.short else -1
        if self._sends_home(entity, fit.short):
            return
        if patience == 0 and fit.short:
            entity.asked, entity.lacks = self._agenda.now, short
            self._agenda.schedule(entity, self._agenda.now, What.GIVES_UP, NOW)
            return
        self._keep_places(entity)
        self._line_up(entity, short)
        if patience < NEVER:
            self._agenda.schedule(entity, self._agenda.now + patience, What.GIVES_UP, LEAVES_LAST)
        if fit.fits and patience > 0:
            for hold in entity.get_phase().bundle.holds:
                if not hold.behind:
                    self.free(hold.resource)

    def hand_out(self) -> None:
        """Serve the first in order for whom all is free, until there is nobody more."""
        while self._freed:
            ready: list[tuple[Entity, Fit]] = []
            for number in sorted(self._freed):
                found = self._find_first(self.resources[number])
                if found is None:
                    self._freed.discard(number)
                else:
                    ready.append(found)
            if ready:
                entity, fit = min(ready, key=lambda found: rank(found[0]))
                self.stop_waiting(entity)
                self._agenda.take_back(entity)
                self._serve(entity, fit, waited=self._agenda.now - entity.asked)

    def _find_first(self, resource: Resource) -> tuple[Entity, Fit] | None:
        """Return the first who waits for a resource and can be served.

        Where requests differ in size, whoever lacks nothing but more of it keeps those behind from it.
        """
        if resource.free <= 0:
            return None
        for entity in self.waiting.list_heads(resource.number):
            fit = self._find_fit(entity)
            if fit.fits:
                return entity, fit
            if fit.lacks_only(resource.number) and not resource.kind.even:
                return None
        return None

    # --- Being served ---

    def _draw_duration(self, entity: Entity) -> int:
        phase = entity.get_phase()
        return phase.duration.draw_ticks(
            entity.key,
            k.FOR_DURATION,
            entity.number_phase(),
            frailty=entity.frailty,
            loading=phase.loading,
        )

    def lie_on(self, patient: Patient, stand_in_for: int | None, lain: int, known: int) -> None:
        """Let somebody who has lain in a bed before the run lie there for what is left of their stay.

        It is the first of the stays drawn that is longer; who has lain longer than any goes home in a day.
        What they have lain is `known` as of then.
        """
        self.lie_down(patient, stand_in_for)
        phase, number = patient.get_phase(), patient.number_phase()
        stays = (
            phase.duration.draw_ticks(
                patient.key,
                k.FOR_DURATION,
                number + (j << AGAIN),
                frailty=patient.frailty,
                loading=phase.loading,
            )
            for j in range(TRIED)
        )
        longer = next((stay for stay in stays if stay > lain), None)
        last = int(uniform(patient.key, k.FOR_HOUR, number) * DAY)
        patient.remaining = known + (last if longer is None else longer - lain)
        self._agenda.schedule(patient, self._agenda.now + patient.remaining, What.ENDS, ENDS_FIRST)

    def _pass_time(self, entity: Entity) -> None:
        """Let time pass for a phase before the run begins, without holding anything."""
        now = self._agenda.now
        if isinstance(entity, Patient) and entity.stop.treats:
            entity.treated = True
        entity.since, entity.remaining = now, self._draw_duration(entity)
        self._agenda.schedule(entity, now + entity.remaining, What.ENDS, ENDS_FIRST)

    def _serve(self, entity: Entity, fit: Fit, waited: int) -> None:
        """Begin a phase, or take it up again where it was cut off."""
        now = self._agenda.now
        self._take(entity, fit.stand_in_for)
        if entity.remaining is None:
            entity.resumed = 0
            if entity.phase == 0:
                self._count_begin(entity, waited)
            entity.remaining = self._draw_duration(entity)
        entity.since = now
        what, ends = What.ENDS, now + entity.remaining
        fragile = self.find_fragile(entity)
        if fragile is not None:
            number = entity.number_phase() * _TRIES + entity.resumed % _TRIES
            u = uniform(entity.key, k.FOR_BREAK, number)
            entity.resumed += 1
            until = to_ticks(-fragile.kind.up_time * math.log(u))
            if until < entity.remaining:
                what, ends = What.BREAKS, now + until
        self._agenda.schedule(entity, ends, what, ENDS_FIRST)

    def find_fragile(self, entity: Entity) -> Resource | None:
        """Return the first resource somebody has taken that fails only while it is used."""
        for holding in entity.held:
            if self.resources[holding.taken_from].kind.fails == k.BUSY_ONLY:
                return self.resources[holding.taken_from]
        return None

    def _count_begin(self, entity: Entity, waited: int) -> None:
        now, recorder = self._agenda.now, self._recorder
        activity = entity.get_activity()
        entity.begun = now
        recorder.add_time(k.R_ACTIVITY, activity.row, waited)
        if not isinstance(entity, Patient):
            return
        recorder.add_time(k.R_STEP, entity.stop.row, waited)
        recorder.counters.hour_waits[activity.department, now // HOUR % HOURS_PER_DAY].append(waited)
        if entity.stop.treats and not entity.treated:
            entity.treated = True
            cohort = self._definition.origins[entity.origin].cohort
            recorder.add_time(k.R_TREATMENT, cohort, now - entity.referred)

    # --- Being cut off ---

    def _make_room(self, entity: Entity, short: int) -> bool:
        """Interrupt the least urgent whose leaving is enough, the last begun of these; False for none."""
        resource = self.resources[short]
        if not resource.kind.preempts:
            return False
        need = next(hold.amount for hold in entity.get_phase().bundle.holds if hold.resource == short)
        lack = need - self._find_credit(entity, short) - resource.free
        others = [
            (other.priority, other.since, place, other)
            for place, other in enumerate(resource.users)
            if isinstance(other, Patient)
            and other.priority > entity.priority
            and self.is_served(other)
            and sum(h.hold.amount for h in other.held if h.taken_from == short) >= lack
        ]
        if not others:
            return False
        self.interrupt(max(others, key=lambda found: found[:-1])[-1], resource)
        return True

    def is_served(self, entity: Entity) -> bool:
        """Return whether a phase of somebody is under way."""
        return entity.notice is not None and entity.notice.what in (What.ENDS, What.BREAKS)

    def interrupt(self, entity: Entity, resource: Resource) -> None:
        """Cut a service off; it is taken up where it stopped once everything it needs is free again."""
        assert entity.remaining is not None
        entity.remaining -= self._agenda.now - entity.since
        self._agenda.take_back(entity)
        self.give_all(entity)
        self._recorder.counters.cuts[resource.number] += 1
        needed = [hold.resource for hold in entity.get_phase().bundle.holds if not hold.behind]
        if not self._sends_home(entity, needed):
            self._line_up(entity, resource.number)
        self.free(resource.number)

    def break_down(self, resource: Resource, key: int) -> None:
        """Put a unit out of order until it is repaired."""
        now = self._agenda.now
        resource.fail(now)
        self._recorder.counters.failures[resource.number] += 1
        assert resource.kind.repair is not None
        ticks = resource.kind.repair.draw_ticks(key, k.FOR_REPAIR, 0)
        self._agenda.schedule(Repair(resource.number, key), now + ticks, What.REPAIRED, NOW)
