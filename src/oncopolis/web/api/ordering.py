"""Long work that is ordered from a server: what may be asked for, and where its results lie."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias
from uuid import uuid4

from pydantic import Field, StringConstraints

from oncopolis.foundation import NotFoundError
from oncopolis.foundation.frozen import Frozen
from oncopolis.record import Act, Who
from oncopolis.record.store import Store, outbox
from oncopolis.record.store.outbox import Job, State

_MOST_DRAWS = 100_000  # structure: hours of work for one worker
_MOST_DAYS = 3_660  # structure: ten years
_MOST_REPLICATIONS = 1_000  # structure: days of work for one worker
_MOST_SETTINGS, _LONGEST = 200, 500  # structure: far more than a project has; characters
_LARGEST_SEED = 2**63 - 1  # structure: largest whole number of the generators
_PRIVATE = 0o700  # structure: file mode, its owner only
_OURS = frozenset({"project", "out"})
"""What the server itself puts into an order."""

Text: TypeAlias = Annotated[str, StringConstraints(max_length=_LONGEST)]
Settings: TypeAlias = Annotated[dict[Text, Text], Field(max_length=_MOST_SETTINGS)]


class PlanOrder(Frozen):
    """A plan of the project that is served."""

    kind: Literal["plan"]
    draws: int = Field(default=1000, ge=0, le=_MOST_DRAWS)  # structure: as on the command line
    """Draws over the evidence ranges."""
    seed: int = Field(default=1, ge=0, le=_LARGEST_SEED)
    """Same seed, same plan."""
    settings: Settings = {}
    """Values of evidence rows and project keys for this run."""
    language: Literal["en", "ko", "ru", "uz"] = "en"
    """Of the labels."""


class TwinOrder(Frozen):
    """A run of the twin of the project that is served."""

    kind: Literal["twin"]
    days: int = Field(default=365, ge=1, le=_MOST_DAYS)  # structure: as on the command line
    """Days of a run."""
    replications: int = Field(default=1, ge=1, le=_MOST_REPLICATIONS)
    """How often it is run."""
    seed: int = Field(default=1, ge=0, le=_LARGEST_SEED)
    """Same seed, same answer."""
    settings: Settings = {}
    """Values of evidence rows and project keys for this run."""


Order: TypeAlias = Annotated[PlanOrder | TwinOrder, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes orders for the project that is served.

    Parameters
    ----------
    results
        Folder below which each order has one of its own.
    """

    store: Store
    project: Path
    results: Path

    def take(self, order: PlanOrder | TwinOrder, who: Who, request_id: str, key: str | None) -> Job:
        """Queue an order, once for each key of the caller.

        Raises
        ------
        ConflictError
            The key came with another order.
        """
        self.results.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        asked = order.model_dump(exclude={"kind"})
        payload = asked | {"project": str(self.project.resolve()), "out": str(self.results / str(uuid4()))}
        act = Act("C", f"order {order.kind}", who, request_id)
        fingerprint = sha256(order.model_dump_json().encode()).hexdigest()
        made = self.store.submit(
            lambda transaction: transaction.send(order.kind, payload), act, key=key, fingerprint=fingerprint
        )
        return self.find(made.result())

    def find(self, id_: int) -> Job:
        """Return a job; `NotFoundError` if there is none."""
        job = self.store.jobs.find(id_)
        if job is None:
            raise NotFoundError(
                code="REC-173", where=f"job {id_}", got="no such job", expected="one that was ordered",
                fix="list them",
            )  # fmt: skip
        return job

    def list(self, state: State | None, limit: int) -> list[Job]:
        """Return jobs, newest first."""
        return self.store.jobs.list(state, limit=limit)

    def cancel(self, id_: int, who: Who, request_id: str) -> Job:
        """Stop a job; one that is over stays as it is."""
        self.find(id_)
        act = Act("U", "cancel job", who, request_id)
        self.store.submit(lambda transaction: outbox.cancel(transaction.session, id_), act).result()
        return self.find(id_)


def get_asked(job: Job) -> dict[str, Any]:
    """Return what was ordered; nothing of jobs that nobody ordered here."""
    if "out" not in job.payload:
        return {}
    return {name: value for name, value in job.payload.items() if name not in _OURS}


def list_results(job: Job) -> Iterator[Path]:
    """Yield the files of a job that is done."""
    folder = Path(job.payload["out"]) if job.state == "done" and "out" in job.payload else None
    if folder is not None and folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.is_file() and path.name[0] != ".")


def find_result(job: Job, name: str) -> Path:
    """Return one file of a job; `NotFoundError` if it is not there."""
    for path in list_results(job):
        if path.name == name:
            return path
    raise NotFoundError(
        code="REC-174", where=f"job {job.id}", got="no such file",
        expected="one that the job names, once it is done", fix="look at the job",
    )  # fmt: skip
