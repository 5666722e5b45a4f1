"""`Fates`: what becomes of a patient on a route: episodes, relapse, death, and the end."""

import math

from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.tables import NEVER, YEAR
from oncopolis.twin.reference.agenda import NOW, THEN_BEGINS, Agenda, What
from oncopolis.twin.reference.appointments import Diary
from oncopolis.twin.reference.away import Away
from oncopolis.twin.reference.counting import Recorder
from oncopolis.twin.reference.definition import Definition, Origin, Stop
from oncopolis.twin.reference.draws import child, normal, to_ticks, uniform
from oncopolis.twin.reference.people import Patient

_CAUSE_BITS = 8  # structure: room for the causes of one route
_EPISODE_BITS = 16  # structure: room for the count of children beside the episode's number
_AFTER_CAUSES = 8  # structure: numbers of times to episodes come after those of causes
_BY_RATE = 1 << 40  # structure: draws apart from the others


class Fates:
    """What becomes of those on a route, and how many there are."""

    def __init__(
        self, definition: Definition, agenda: Agenda, recorder: Recorder, diary: Diary, away: Away
    ) -> None:
        self._definition, self._agenda, self._recorder = definition, agenda, recorder
        self._diary, self._away = diary, away
        self.n_present = 0

    def make_patient(self, key: int, stop: Stop, origin: int, priority: int) -> Patient:
        """Make somebody who is going to enter a route at a stop."""
        self._recorder.counters.totals["entered"] += 1
        self.n_present += 1
        return Patient(
            key=key,
            stop=stop,
            origin=origin,
            priority=priority,
            usual_priority=priority,
            referred=self._agenda.now,
            frailty=normal(uniform(key, k.FOR_FRAILTY, 0)),
        )

    def enter(self, patient: Patient) -> None:
        """Set somebody on a route, and draw what may become of them there."""
        now, key = self._agenda.now, patient.key
        route = self._definition.routes[patient.stop.route]
        number = patient.visits << _CAUSE_BITS
        patient.entered = now
        ends: list[tuple[int, int]] = []

        def draw(cause: int) -> float:
            return -math.log(uniform(key, k.FOR_FATE, number + cause))

        if route.relapse > 0:
            years = draw(0) / route.relapse
            if years <= route.relapse_years:
                ends.append((now + to_ticks(years * YEAR), k.RELAPSE))
        if route.death > 0:
            ends.append((now + to_ticks(draw(1) / route.death * YEAR), k.DEATH))
        if route.other > 0:
            years = math.log1p(route.ageing / route.other * draw(2)) / route.ageing
            ends.append((now + to_ticks(years * YEAR), k.DEATH))
        for i, episode in enumerate(route.episodes):
            if episode.when == k.TIME:
                assert episode.time is not None
                at = number + _AFTER_CAUSES + i
                ends.append((now + episode.time.draw_ticks(key, k.FOR_EPISODE, at), k.TIME))
        first = min(ends, key=lambda end: end[0], default=(NEVER, -1))
        patient.fate, patient.fate_kind = first if first[0] < NEVER else (NEVER, None)
        self._draw_event(patient)

    def _draw_event(self, patient: Patient) -> None:
        """Draw when something that happens at a rate happens next."""
        route = self._definition.routes[patient.stop.route]
        patient.event = NEVER
        if route.rate > 0:
            u = uniform(patient.key, k.FOR_RATE, patient.children)
            patient.event = self._agenda.now + to_ticks(-math.log(u) / route.rate)

    def finish(self, patient: Patient) -> None:
        """Come to the end of a route."""
        self._away.go_home(patient)
        route = self._definition.routes[patient.stop.route]
        if route.lasts_for_life and patient.fate < NEVER:
            self._away.wait_until(patient, NEVER, What.DUE)
            return
        self._recorder.add_time(k.R_PATH, route.path, self._agenda.now - patient.entered)
        self._start_episodes(patient, k.COMPLETION)
        self._recorder.counters.totals["completed"] += 1
        self._end(patient)

    def leave(self, patient: Patient) -> None:
        """Leave the centre without having come to the end of the pathway."""
        self._away.leave_campus(patient)
        self._recorder.counters.totals["left"] += 1
        self._end(patient)

    def _end(self, patient: Patient) -> None:
        """Be gone, or come back if one is a member of a closed population."""
        origin = self._definition.origins[patient.origin]
        home = self._definition.stops[origin.stop]
        if origin.kind != k.MEMBERS or home.route != patient.stop.route:
            self.n_present -= 1
            return
        self._recorder.counters.totals["entered"] += 1
        patient.children += 1
        patient.attributes = 0
        patient.treated = False
        patient.stop = home
        self.stay_away(patient, origin, patient.children)

    def stay_away(self, patient: Patient, origin: Origin, number: int) -> None:
        """Let a member stay away until they come (again)."""
        assert origin.gap is not None
        away = origin.gap.draw_ticks(patient.key, k.FOR_GAP, number)
        patient.due, patient.due_what = self._agenda.now + away, What.RETURNS
        patient.referred = patient.due
        self._agenda.schedule(patient, patient.due, What.RETURNS, THEN_BEGINS)

    def _start_episode(self, patient: Patient, place: int) -> None:
        route = self._definition.routes[patient.stop.route]
        episode = route.episodes[place]
        stop = self._definition.stops[episode.stop]
        key = child(patient.key, ((place + 1) << _EPISODE_BITS) + patient.children)
        patient.children += 1
        priority = self._definition.routes[stop.route].priority
        new = self.make_patient(key, stop, patient.origin, priority)
        new.attributes = patient.attributes | episode.sets
        new.part, new.frailty, new.referred = patient.part, patient.frailty, patient.referred
        new.treated = patient.treated or episode.when != k.COMPLETION
        new.due, new.due_what = self._agenda.now, What.RETURNS
        self._agenda.schedule(new, self._agenda.now, What.RETURNS, NOW)

    def _start_episodes(self, patient: Patient, when: int | None) -> None:
        for place, episode in enumerate(self._definition.routes[patient.stop.route].episodes):
            if episode.when != when or not patient.has(episode.has, episode.lacks):
                continue
            number = (patient.visits << _CAUSE_BITS) + place
            if episode.share < 0 or uniform(patient.key, k.FOR_EPISODE, number) < episode.share:
                self._start_episode(patient, place)

    def happen_by_rate(self, patient: Patient) -> None:
        """Start one of the episodes that happen at a rate, and go on waiting."""
        route = self._definition.routes[patient.stop.route]
        left = uniform(patient.key, k.FOR_EPISODE, _BY_RATE + patient.children) * route.rate
        for place, episode in enumerate(route.episodes):
            if episode.when != k.RATE:
                continue
            left -= episode.rate
            if left < 0:
                if patient.has(episode.has, episode.lacks):
                    self._start_episode(patient, place)
                else:
                    patient.children += 1
                break
        self._draw_event(patient)
        self._away.wait_until(patient, max(patient.due, self._agenda.now), patient.due_what)

    def meet_fate(self, patient: Patient) -> None:
        """Relapse, die, or go on to another pathway after a time."""
        self._diary.give_back(patient)
        self._start_episodes(patient, patient.fate_kind)
        ending = "died" if patient.fate_kind == k.DEATH else "left"
        self._recorder.counters.totals[ending] += 1
        self.n_present -= 1
