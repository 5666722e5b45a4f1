"""Chairs of a day clinic against a plain constraint model, at equal CPU time.

    python benchmarks/schedulers_chairs.py DATA [--seconds 30] [--out FILE] [NAME ...]

DATA is the folder of the CHT-I instances. Prints, for each, our cost, bound and gap, and what CP-SAT finds
and proves with the model that one writes down first: an interval a step, cumulative resources. Both may use
one processor, and as many CPU seconds as given: wall time tells little on a machine that others use. A run
can be taken up again: what FILE holds is not computed anew.
"""

import argparse
import json
import threading
import time
from pathlib import Path

from ortools.sat.python import cp_model

from oncopolis.scheduling.chairs import Problem, check, read_problem, solve

NAMES = (
    "15_daily_1", "15_uniform_11", "15_weekend_1", "15_weekly_11", "30_daily_17", "30_uniform_11",
    "30_weekend_13", "60_weekly_3", "60_uniform_3", "60_weekend_4", "90_daily_17", "90_uniform_3",
    "90_weekend_1", "120_daily_1", "120_uniform_11", "150_weekly_3", "150_uniform_3", "180_uniform_2",
    "210_uniform_2", "210_daily_4",
)  # fmt: skip


def main() -> None:
    """Compare, and print a line for each instance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--out", type=Path)
    said = parser.parse_args()
    done = json.loads(said.out.read_text()) if said.out and said.out.exists() else {}
    print(f"{'instance':<16}{'ours':>8}{'bound':>8}{'gap':>8}{'CP-SAT':>9}{'its bound':>11}")
    for name in said.names:
        if name not in done:
            problem = read_problem(said.data / f"instance_{name}.json")
            ours = solve(problem, seconds=said.seconds, seed=1, clock=time.process_time)
            assert not check(problem, ours.solution).violations
            theirs, bound = solve_plainly(problem, said.seconds)
            done[name] = [ours.cost, ours.bound, theirs, bound]
            if said.out:
                said.out.write_text(json.dumps(done, indent=1))
        cost, low, theirs, bound = done[name]
        print(
            f"{name:<16}{cost:>8}{low:>8}{(cost - low) / cost:>8.2%}{theirs or 'none':>9}{bound:>11}",
            flush=True,
        )


def solve_plainly(problem: Problem, seconds: float) -> tuple[int | None, int]:  # noqa: PLR0915 (one model)
    """Return the cost and the bound that CP-SAT finds with the plain model, None if no plan was found."""
    model = cp_model.CpModel()
    slots, days, most = problem.slots, problem.days, problem.patients_per_nurse
    end = (days + 1) * slots
    doctors: dict[str, list[tuple[cp_model.IntervalVar, int]]] = {one: [] for one in problem.doctors}
    nurses: list[tuple[cp_model.IntervalVar, int]] = []
    seats: list[tuple[cp_model.IntervalVar, int]] = []
    ends = []
    for patient in problem.patients:
        first = patient.find_first_days(days)
        start = model.new_int_var(first.start, first.stop - 1, "")
        for session, offset in zip(patient.sessions, patient.list_offsets(), strict=True):
            midnight = (start + offset) * slots
            parts = {}
            for part, length in (
                ("consultation", problem.consultation_slots if session.has_consultation else 0),
                ("installation", problem.installation_slots),
                ("monitoring", session.monitoring_slots),
                ("mixing", session.mixing_slots),
            ):
                at = model.new_int_var(0, end - length, "")
                earliest = midnight - slots if part == "mixing" and session.may_mix_ahead else midnight
                model.add(at >= earliest)
                model.add(at + length <= midnight + slots)
                parts[part] = at, at + length, model.new_interval_var(at, length, at + length, "")
            model.add(parts["installation"][0] >= parts["consultation"][1])
            model.add(parts["monitoring"][0] >= parts["installation"][1])
            model.add(parts["monitoring"][0] >= parts["mixing"][1])
            if not session.may_mix_ahead:
                model.add(parts["mixing"][0] >= parts["consultation"][1])
            open_from = [
                day * slots + slot
                for day in range(days + 1)
                for slot in range(slots - session.mixing_slots + 1)
                if all(problem.pharmacy[day][slot : slot + session.mixing_slots])
            ]
            model.add_linear_expression_in_domain(parts["mixing"][0], cp_model.Domain.from_values(open_from))
            if session.has_consultation:
                doctors[session.sector].append((parts["consultation"][2], 1))
            nurses += [(parts["installation"][2], most), (parts["monitoring"][2], 1)]
            stay = model.new_int_var(0, slots, "")
            seats.append(
                (model.new_interval_var(parts["installation"][0], stay, parts["monitoring"][1], ""), 1)
            )
            ends.append(parts["monitoring"][1])
    for sector, calendar in problem.doctors.items():
        _add_resource(model, doctors[sector], calendar, slots, 1)
    _add_resource(model, nurses, problem.nurses, slots, most)
    model.add_cumulative([one for one, _ in seats], [n for _, n in seats], problem.n_seats)
    model.minimize(sum(ends) - slots * len(ends))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = 20 * seconds
    solver.parameters.num_workers = 1
    before = time.process_time()
    over = threading.Event()
    threading.Thread(target=_stop_after, args=(solver, before + seconds, over), daemon=True).start()
    status = solver.solve(model)
    over.set()
    is_found = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    return (round(solver.objective_value) if is_found else None), int(solver.best_objective_bound)


def _add_resource(
    model: cp_model.CpModel,
    used: list[tuple[cp_model.IntervalVar, int]],
    calendar: tuple[tuple[int, ...], ...],
    slots: int,
    size: int,
) -> None:
    """Add a resource of which there is more and less: what is missing to the most is in use by nobody."""
    most = max(max(row) for row in calendar) * size
    missing = [
        (model.new_fixed_size_interval_var(day * slots + slot, 1, ""), most - number * size)
        for day, row in enumerate(calendar)
        for slot, number in enumerate(row)
        if number * size < most
    ]
    every = [*used, *missing]
    model.add_cumulative([one for one, _ in every], [n for _, n in every], most)


def _stop_after(solver: cp_model.CpSolver, end: float, over: threading.Event) -> None:
    """End a search when so many CPU seconds are used up."""
    while not over.wait(0.1):
        if time.process_time() >= end:
            solver.stop_search()
            return


if __name__ == "__main__":
    main()
