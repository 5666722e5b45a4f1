"""The outbox: leases, pauses, the dead, and nothing done twice that must be done once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.records import ACT, make_slot, query

from oncopolis.foundation.errors import ConflictError
from oncopolis.record.store import Store
from oncopolis.record.store.outbox import Job, Retry


class Clock:
    now_ms = 1_000_000

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Iterator[Clock]:
    return Clock()  # type: ignore[return-value]


@pytest.fixture
def store(open_another: Callable[..., Store], clock: Clock) -> Store:
    return open_another(clock_ms=clock)


def _send(store: Store, n: int = 1, **options: object) -> list[int]:
    return store.submit(lambda tx: [tx.send("plan", {"n": i}, **options) for i in range(n)], ACT).result()  # type: ignore[arg-type]


def _take(store: Store, **options: object) -> Job | None:
    jobs = store.jobs.take(["plan"], lease_ms=1000, **options)  # type: ignore[arg-type]
    return jobs[0] if jobs else None


def test_a_job_is_taken_done_and_over(store: Store) -> None:
    (id_,) = _send(store)
    assert store.jobs.take(["other"], lease_ms=1000) == []
    job = _take(store)
    assert job
    assert (job.id, job.payload, job.attempts, job.state) == (id_, {"n": 0}, 1, "taken")
    assert _take(store) is None
    store.jobs.finish(job)
    found = store.jobs.find(id_)
    assert found
    assert found.state == "done"
    with pytest.raises(ConflictError, match="REC-058"):
        store.jobs.finish(job)


def test_a_key_is_sent_once(store: Store) -> None:
    assert _send(store, key="k") == _send(store, key="k")
    assert len(store.jobs.list()) == 1


def test_a_job_waits_until_it_is_due(store: Store, clock: Clock) -> None:
    _send(store, due_ms=clock.now_ms + 500)
    assert _take(store) is None
    clock.now_ms += 500
    assert _take(store)


def test_a_lease_that_runs_out_gives_the_job_to_another_who_alone_may_finish(
    store: Store, clock: Clock
) -> None:
    _send(store)
    first = _take(store)
    assert first
    clock.now_ms += 900
    store.jobs.extend(first, lease_ms=1000)
    clock.now_ms += 999
    assert _take(store) is None
    clock.now_ms += 1
    second = _take(store)
    assert second
    assert second.attempts == 2
    for late in (
        lambda: store.jobs.finish(first),
        lambda: store.jobs.extend(first, lease_ms=1),
        lambda: store.jobs.fail(first, "x"),
    ):
        with pytest.raises(ConflictError, match="REC-058"):
            late()
    store.jobs.finish(second)


def test_what_was_done_and_that_it_was_done_are_one(store: Store, clock: Clock) -> None:
    _send(store)
    first = _take(store)
    clock.now_ms += 1000
    second = _take(store)
    assert first
    assert second

    def work(job: Job) -> int:
        def command(tx: object) -> int:
            version = tx.put(make_slot("s1")).version  # type: ignore[attr-defined]
            tx.finish(job)  # type: ignore[attr-defined]
            return int(version)

        return store.submit(command, ACT).result()

    assert work(second) == 1
    with pytest.raises(ConflictError):
        work(first)
    assert store.get("Slot", "s1").version == 1


def test_a_failing_job_waits_longer_each_time_and_then_is_dead(store: Store, clock: Clock) -> None:
    retry = Retry(n_attempts=4, first_ms=100, longest_ms=300)
    (id_,) = _send(store)
    pauses = []
    for _ in range(3):
        job = _take(store, retry=retry)
        assert job
        assert store.jobs.fail(job, "no answer", retry=retry) == "waiting"
        waiting = store.jobs.find(id_)
        assert waiting
        pauses.append(waiting.due_ms - clock.now_ms)
        clock.now_ms = waiting.due_ms
    assert pauses == [100, 200, 300]
    last = _take(store, retry=retry)
    assert last
    assert store.jobs.fail(last, "no answer", retry=retry) == "dead"
    assert [(one.id, one.error) for one in store.jobs.list("dead")] == [(id_, "no answer")]
    assert store.jobs.revive(id_)
    assert not store.jobs.revive(id_)
    again = _take(store, retry=retry)
    assert again
    assert again.attempts == 1


def test_a_job_that_kills_its_workers_is_dead_in_the_end(store: Store, clock: Clock) -> None:
    _send(store)
    for _ in range(2):
        assert _take(store, retry=Retry(n_attempts=2))
        clock.now_ms += 1000
    assert _take(store, retry=Retry(n_attempts=2)) is None
    assert [one.error for one in store.jobs.list("dead")] == ["its workers died"]


def test_a_cancelled_job_is_not_done(store: Store) -> None:
    waiting, taken = _send(store, 2)
    assert store.jobs.cancel(waiting)
    assert not store.jobs.cancel(waiting)
    job = _take(store)
    assert job
    assert job.id == taken
    assert store.jobs.cancel(taken)
    with pytest.raises(ConflictError, match="cancelled"):
        store.jobs.finish(job)
    assert _take(store) is None


def test_many_workers_share_the_jobs_and_none_is_taken_twice(open_another: Callable[[], Store]) -> None:
    stores = [open_another(), open_another()]
    ids = _send(stores[0], 60)

    def work(n: int) -> list[int]:
        done = []
        while jobs := stores[n % 2].jobs.take(["plan"], lease_ms=600_000, limit=3):
            for job in jobs:
                stores[n % 2].jobs.finish(job)
                done.append(job.id)
        return done

    with ThreadPoolExecutor(4) as pool:
        done = [id_ for ids_ in pool.map(work, range(4)) for id_ in ids_]
    assert sorted(done) == ids
    assert {one.attempts for one in stores[0].jobs.list("done")} == {1}
    assert query(stores[0], "SELECT count(*) FROM outbox WHERE state <> 'done'") == [(0,)]


def test_jobs_of_one_kind_keep_their_order_also_while_the_first_has_to_wait(
    store: Store, clock: Clock
) -> None:
    first, second = _send(store, n=2)
    job = store.jobs.take_first("plan", lease_ms=1000)
    assert job
    assert job.id == first
    assert store.jobs.take_first("plan", lease_ms=1000) is None
    store.jobs.fail(job, "away", retry=Retry(n_attempts=9, first_ms=5_000))
    assert store.jobs.take_first("plan", lease_ms=1000) is None
    clock.now_ms += 5_000
    again = store.jobs.take_first("plan", lease_ms=1000)
    assert again
    assert (again.id, again.attempts) == (first, 2)
    clock.now_ms += 1_000
    left = store.jobs.take_first("plan", lease_ms=1000)
    assert left
    assert (left.id, left.attempts) == (first, 3)
    store.jobs.finish(left)
    following = store.jobs.take_first("plan", lease_ms=1000)
    assert following
    assert following.id == second
