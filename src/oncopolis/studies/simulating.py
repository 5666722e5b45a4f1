"""From a project folder to the document of a run of the twin."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from oncopolis.foundation import Finding, InputError
from oncopolis.studies.following import follow
from oncopolis.studies.preparing import Say, prepare
from oncopolis.studies.repeating import RUNNING, Runner
from oncopolis.studies.sampling import Period, Sampled, Sampler, choose_period
from oncopolis.twin import Beginning, Model, Result
from oncopolis.twin.document import About, Day, to_document
from oncopolis.twin.experiments import Checkpoint
from oncopolis.twin.experiments.replications import MOST
from oncopolis.twin.journal import check_log

if TYPE_CHECKING:
    from oncopolis.record.store.keys import Keys

Source = tuple[str, "Keys | None"]
"""Database of a live centre, and its master key where it has one."""
Tell = Callable[[Finding], None]
"""Told what was found before the run."""

MILLION = 1e6  # structure: events are told in millions
DIGITS = 3  # structure: decimals of seconds


def simulate_project(
    folder: Path,
    *,
    days: int = 365,  # structure: a year
    replications: int = 1,
    within: float | None = None,
    workers: int = 1,
    cluster: str | None = None,
    seed: int = 1,
    start: date | None = None,
    warmup_days: int | None = None,
    history_days: int | None = None,
    from_record: Source | None = None,
    log: Path | None = None,
    settings: Mapping[str, str] | None = None,
    checkpoint: Path | None = None,
    on_progress: Say | None = None,
    on_finding: Tell | None = None,
) -> tuple[dict[str, Any], dict[str, float | int | None]]:
    """Read a project, plan what it leaves open, run it, and return the document of the run.

    Parameters
    ----------
    folder
        Project folder.
    days
        Days counted.
    replications, seed
        Same seed, same replications.
    within
        Replications are added until the mean wait is known to within this share of itself, as `replicate`
        judges it; `replications` is then the most, or 1,000 if it is 1.
    workers, cluster
        Processes of this machine, or the address of a Dask scheduler; the results are the same.
    start, warmup_days, history_days
        As in `choose_period`.
    from_record
        Live centre whose people are there at the start, today if `start` is left out; there is neither a
        history nor a warm-up then.
    log
        Parquet file for the events of the first replication, which then runs in this process.
    settings
        ``KEY=VALUE`` of the command line.
    checkpoint
        Folder in which replications are kept as they come in, so that a killed run goes on.
    on_progress
        Told what is done and which share of the whole is behind.
    on_finding
        Told what is wrong before the run begins.

    Returns
    -------
    tuple
        Document for ``twin.json``; events, contacts, visits, working days, operations (None without such a
        measure), seconds of the clock and of the processors, and events of the whole run, history and
        warm-up included, for each second of the latter.
        Stopped with Ctrl-C, what there is by then, marked as not complete.

    Raises
    ------
    OncopolisError
        With everything that is wrong with the project, or cannot be reached or written.
    KeyboardInterrupt
        Stopped before there was anything to tell.
    """
    say = on_progress or (lambda what, share: None)
    if replications < 1:
        raise _refuse_replications(replications)
    if log is not None:
        check_log(log)
    if from_record is not None and (warmup_days or history_days):
        raise _refuse_warmup(warmup_days or history_days or 0)
    prepared = prepare(folder, settings or {}, say)
    equipped, beginning = prepared.equipped, None
    if from_record is not None:
        # Imported only now: what a live centre is made of takes longer to load than a project to read.
        from oncopolis.studies.standing import open_all, read_beginning

        say("reading the record", RUNNING)
        beginning = read_beginning(*from_record, equipped, start)
        equipped = open_all(equipped, beginning.day.year)
        start, warmup_days, history_days = beginning.day, 0, 0
    period = choose_period(
        prepared, days=days, start=start, warmup_days=warmup_days, history_days=history_days
    )
    sampler = Sampler(equipped, prepared.intake, period, seed, beginning)
    say("preparing the run", RUNNING)
    findings = (*sampler.model.findings, tell_start(period, beginning))
    for finding in findings if on_finding else ():
        if on_finding and finding.severity != "note":
            on_finding(finding)
    most = MOST if within is not None and replications == 1 else replications
    sampler.on_progress = Watch(say, sampler.model, most)
    kept = None if checkpoint is None else Checkpoint(checkpoint, digest_run(sampler))
    began = time.perf_counter()
    runner = Runner(sampler, workers, cluster, log, kept, say)
    if within is None:
        sampled = runner(0, most)
        complete = len(sampled) == most
    else:
        sampled, complete, judged = runner.run_until(within, most)
        findings = (*findings, judged)
    wall = time.perf_counter() - began
    about = About(
        equipped=equipped,
        intake=prepared.intake,
        findings=findings,
        settings=settings or {},
        beginning=beginning,
        day=picture_day(sampled[0].result),
        processes=follow(log, prepared.project) if log is not None and log.is_file() else (),
    )
    document = to_document([each.result for each in sampled], about)
    if not complete:
        document["run"]["complete"] = False
    return document, count(sampled, wall)


def picture_day(result: Result) -> Day | None:
    """Return people on campus through the day that a run pictured."""
    if result.pictured is None or result.served is None or result.queueing is None:
        return None
    return Day(
        date=result.pictured,
        departments=result.departments,
        present=(result.served + result.queueing).astype(np.float64),
        waiting=result.queueing.astype(np.float64),
    )


def tell_start(period: Period, beginning: Beginning | None = None) -> Finding:
    """Say from what state a run starts."""
    if beginning is not None:
        return Finding(
            rule="state-at-start",
            severity="note",
            where="run.start",
            message="The run starts with the people of a live centre's record",
            actual=f"{len(beginning.people)} people on pathways on {beginning.day}, {beginning.n_in_beds} of "
            f"them in beds, {beginning.n_booked} with an appointment",
        )
    is_full = period.history_days or period.warmup_days
    return Finding(
        rule="state-at-start",
        severity="note",
        where="run.start",
        message="The run starts with patients on their way" if is_full else "The run starts empty",
        actual=f"{period.history_days} days in which people come and nobody waits, then "
        f"{period.warmup_days} days of warm-up that are not counted"
        if is_full
        else "nobody is there on the first day",
    )


class Watch:
    """Tells the simulated date and the events a second, through the replications of this process.

    Parameters
    ----------
    say
        Told what is done and which share of the whole is behind.
    model
        What is run.
    replications
        How many of them there will be.
    """

    def __init__(self, say: Say, model: Model, replications: int) -> None:
        self.say, self.model, self.replications = say, model, replications
        self.number, self.at, self.began = 0, 0, time.perf_counter()

    def __call__(self, done: int, of: int, events: int) -> None:
        """Take how far a replication is: days done, days in all, events so far."""
        if done < self.at:
            self.number += 1
            self.began = time.perf_counter()
        self.at = done
        day = self.model.start + timedelta(days=done - self.model.history_days)
        seconds = max(time.perf_counter() - self.began, 1e-9)  # structure: not by nought
        begins = done <= self.model.history_days
        what = (
            "who is there at the start" if begins else f"{day}, {events / seconds / MILLION:.1f} M events/s"
        )
        share = min((self.number + done / of) / self.replications, 1.0)
        self.say(what, RUNNING + (1 - RUNNING) * share)


def digest_run(sampler: Sampler) -> str:
    """Return a digest of everything that a replication depends on but its number."""
    summed = blake2b(digest_size=16)  # structure: 128 bits
    summed.update(repr((sampler.model.digest, sampler.period, sampler.seed)).encode())
    return summed.hexdigest()


def count(sampled: Sequence[Sampled], wall: float) -> dict[str, float | int | None]:
    """Return the numbers of a run in all replications together.

    Counts are those of the days counted. Seconds include the history and the warm-up, and so do the events
    of `events_per_second`, which is no ratio of the other two then.
    """
    results = [each.result for each in sampled]
    events = sum(result.events for result in results)
    lived = events + sum(result.events_before for result in results)
    cpu = sum(each.cpu_seconds for each in sampled)
    measures = results[0].measures
    operations = None
    if "operations" in measures:
        row = measures.index("operations")
        operations = round(sum(float(result.counted[row]) for result in results))
    return {
        "events": events,
        "contacts": sum(result.contacts for result in results),
        "visits": sum(result.visits for result in results),
        "working_days": sum(result.working_days for result in results),
        "operations": operations,
        "wall_seconds": round(wall, DIGITS),
        "cpu_seconds": round(cpu, DIGITS),
        "events_per_second": round(lived / cpu) if cpu else 0,
    }


def _refuse_replications(n: int) -> InputError:
    return InputError(
        code="TWN-064",
        where="--replications",
        got=str(n),
        expected="at least 1",
        fix="ask for one or more",
    )


def _refuse_warmup(days: int) -> InputError:
    return InputError(
        code="TWN-072",
        where="--warmup",
        got=f"{days} days before a start that is read from a record",
        expected="none: the people of the record are there on the first day",
        fix="leave out --warmup, or --from-record",
    )
