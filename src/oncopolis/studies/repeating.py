"""Replications of one run: a stated number of them, or until the mean wait is known well enough."""

from collections.abc import Sequence
from math import isfinite
from pathlib import Path

from oncopolis.foundation import Finding
from oncopolis.foundation.units import PERCENT
from oncopolis.studies.preparing import Say
from oncopolis.studies.sampling import Sampled, Sampler
from oncopolis.twin import Result
from oncopolis.twin.experiments import Checkpoint, Precision, Replicated, replicate, run_replications
from oncopolis.twin.experiments.replications import LEAST
from oncopolis.twin.journal import ParquetJournal

WAIT = "wait"
"""Name of the output that is judged."""
RUNNING = 0.1  # structure: where the progress bar stands when the run begins


class Runner:
    """Runs replications here, in other processes or on a cluster; the first with the log.

    Parameters
    ----------
    sampler
        Runs one.
    workers, cluster, log, checkpoint
        As in `simulate_project`.
    say
        Told what is done.
    """

    def __init__(
        self,
        sampler: Sampler,
        workers: int,
        cluster: str | None,
        log: Path | None,
        checkpoint: Checkpoint | None,
        say: Say,
    ) -> None:
        self.sampler, self.workers, self.cluster = sampler, workers, cluster
        self.log, self.checkpoint, self.say = log, checkpoint, say

    def __call__(self, first: int, n: int) -> list[Sampled]:
        """Run so many; those that were complete when it was stopped, or what there is of the first."""
        sampled: list[Sampled] = []

        def tell(done: int, of: int) -> None:
            if self.workers != 1 or self.cluster:
                share = (done + len(sampled)) / (of + len(sampled))
                self.say(f"{done} of {of} replications", RUNNING + (1 - RUNNING) * share)

        try:
            if self.log is not None and first == 0:
                with ParquetJournal(self.log, self.sampler.model) as journal:
                    sampled.append(self.sampler.run(0, journal))
            if len(sampled) < n:
                runs = run_replications(
                    self.sampler,
                    n - len(sampled),
                    first=first + len(sampled),
                    workers=self.workers,
                    cluster=self.cluster,
                    checkpoint=self.checkpoint,
                    on_progress=tell,
                )
                sampled += runs.results
        except KeyboardInterrupt:
            pass
        if self.sampler.partial is not None and self.sampler.partial.result.days > 0:
            sampled.append(self.sampler.partial)
        if not sampled:
            raise KeyboardInterrupt
        return sampled

    def run_until(self, within: float, most: int) -> tuple[list[Sampled], bool, Finding]:
        """Run until the mean wait is known to within a share of itself.

        Returns
        -------
        tuple
            The replications, whether none was stopped, and how well the mean wait is known.
        """
        sampled: list[Sampled] = []

        def run_many(numbers: Sequence[int]) -> list[dict[str, float]]:
            try:
                found = self(numbers[0], len(numbers))
            except KeyboardInterrupt:
                if not sampled:
                    raise
                found = []
            sampled.extend(found)
            return [{WAIT: _average_wait(each.result)} for each in found if each.result.complete]

        replicated = replicate(
            run_many,
            {WAIT: Precision(share=within)},
            least=min(LEAST, most),
            most=most,
            at_once=self.workers,
        )
        kept = sampled[: replicated.n] if replicated.complete else sampled
        return kept, replicated.complete, _tell_precision(replicated, within)


def _average_wait(result: Result) -> float:
    n = int(result.waiting.n.sum())
    return float(result.waiting.sum.sum()) / n if n else 0.0


def _tell_precision(replicated: Replicated, within: float) -> Finding:
    """Say how well the mean wait is known."""
    interval = replicated.get_interval(WAIT)
    half = (interval.high - interval.low) / 2
    share = half / interval.value if interval.value else 0.0
    reached = f"{PERCENT * share:.1f}%" if isfinite(share) else "nothing"
    is_met = replicated.needed is not None
    return Finding(
        rule="precision-of-replications",
        severity="note" if is_met else "warning",
        where="run.replications",
        message="Replications were added until the mean wait was known well enough"
        if is_met
        else "The replications ended before the mean wait was known well enough",
        actual=f"{reached} of the mean wait on either side after {replicated.n} replications",
        expected=f"{PERCENT * within:.1f}% at most",
        fix="a smaller share takes more replications"
        if is_met
        else "allow more replications, run more days, or ask for less",
    )
