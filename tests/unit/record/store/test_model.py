"""The store against a model of a few dictionaries, in whatever order things happen."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.records import ACT, make_keys, make_observation, query

from oncopolis.foundation.errors import ConflictError, NotFoundError
from oncopolis.record import ANY
from oncopolis.record.store import Store, Transaction, open_store
from oncopolis.record.store.verifying import verify

IDS = ("o1", "o2", "o3")
PATIENTS = ("p1", "p2")
SLOTS = ("a", "b")
Step = tuple[Any, ...]

steps = st.one_of(
    st.tuples(
        st.just("put"),
        st.sampled_from(IDS),
        st.sampled_from(PATIENTS),
        st.decimals(0, 99, places=1).map(str),
        st.sampled_from([ANY, None, 1, 2, 3]),
    ),
    st.tuples(st.just("delete"), st.sampled_from(IDS), st.sampled_from([ANY, 1, 2])),
    st.tuples(st.just("claim"), st.sampled_from(SLOTS), st.sampled_from(IDS)),
    st.tuples(st.just("release"), st.sampled_from(SLOTS), st.sampled_from(IDS)),
    st.tuples(st.just("send"), st.sampled_from(["k1", "k2", None])),
    st.tuples(st.just("erase"), st.sampled_from(PATIENTS)),
    st.tuples(st.just("find"), st.sampled_from(PATIENTS)),
)


class Impossible(Exception):  # noqa: N818
    """What the model refuses."""


class Model:
    """What a store is, without its doing anything well."""

    def __init__(self) -> None:
        self.versions: dict[str, list[tuple[str, str] | None]] = {}
        """Of each id: (patient, value) of its versions, None for a deletion."""
        self.claims: dict[str, str] = {}
        self.keys: set[str] = set()
        self.n_sent = 0
        self.erased: set[str] = set()

    def get_current(self, id_: str) -> tuple[str, str] | None:
        return self.versions[id_][-1] if id_ in self.versions else None

    def find(self, patient: str) -> list[str]:
        if patient in self.erased:
            return []
        return [id_ for id_ in IDS if (now := self.get_current(id_)) and now[0] == patient]

    def _check_expected(self, id_: str, expected: object) -> None:
        n = len(self.versions.get(id_, ()))
        fits = {ANY: True, None: self.get_current(id_) is None}.get(expected, n == expected)  # type: ignore[call-overload]
        if not fits:
            raise Impossible

    def do(self, step: Step) -> None:
        name, *arguments = step
        getattr(self, name)(*arguments)

    def put(self, id_: str, patient: str, value: str, expected: object) -> None:
        self._check_expected(id_, expected)
        if patient in self.erased:
            raise Impossible
        self.versions.setdefault(id_, []).append((patient, value))

    def delete(self, id_: str, expected: object) -> None:
        if id_ not in self.versions:
            raise Impossible
        self._check_expected(id_, expected)
        if self.versions[id_][-1] is not None:
            self.versions[id_].append(None)

    def claim(self, slot: str, holder: str) -> None:
        if self.claims.setdefault(slot, holder) != holder:
            raise Impossible

    def release(self, slot: str, holder: str) -> None:
        if self.claims.get(slot) == holder:
            del self.claims[slot]

    def send(self, key: str | None) -> None:
        self.n_sent += key is None or key not in self.keys
        self.keys |= {key} if key else set()

    def erase(self, patient: str) -> None:
        self.erased.add(patient)


def do(tx: Transaction, step: Step) -> object:
    name, *arguments = step
    if name == "put":
        id_, patient, value, expected = arguments
        return tx.put(make_observation(value, patient=patient, id_=id_), expected=expected).version
    if name == "delete":
        return tx.delete("Observation", *arguments).version
    if name in {"claim", "release"}:
        return getattr(tx, name)("slot", *arguments)
    if name == "send":
        return tx.send("notice", {}, key=arguments[0])
    if name == "erase":
        return tx.erase(arguments[0])
    return [id_ for _, id_ in tx.find_references("Patient", arguments[0])]


class StoreMachine(RuleBasedStateMachine):
    def __init__(self, make_url: Callable[[], str], folder: Path) -> None:
        super().__init__()
        self.url, self.folder = make_url(), folder
        self.store: Store = self.open()
        self.model = Model()
        self.n_done = 0
        self.given: dict[str, object] = {}

    def open(self) -> Store:
        return open_store(self.url, keys=make_keys(self.folder))

    @rule(commands=st.lists(st.lists(steps, min_size=1, max_size=4), min_size=1, max_size=4))
    def submit_together(self, commands: list[list[Step]]) -> None:
        futures = [
            self.store.submit(lambda tx, command=command: [do(tx, step) for step in command], ACT)  # type: ignore[misc]
            for command in commands
        ]
        for command, future in zip(commands, futures, strict=True):
            after = deepcopy(self.model)
            try:
                found = [self._do_in_model(after, step) for step in command]
            except Impossible:
                assert isinstance(future.exception(), ConflictError | NotFoundError)
                continue
            result = future.result()
            for expected, got in zip(found, result, strict=True):
                assert expected in {None, got} if not isinstance(got, list) else expected == got
            self.model = after
            self.n_done += 1

    @staticmethod
    def _do_in_model(model: Model, step: Step) -> Any:
        if step[0] == "find":
            return model.find(step[1])
        model.do(step)
        return len(model.versions[step[1]]) if step[0] in {"put", "delete"} else None

    @rule(key=st.sampled_from(["r1", "r2"]), id_=st.sampled_from(IDS))
    def repeat(self, key: str, id_: str) -> None:
        if "p1" in self.model.erased:
            return
        result = self.store.submit(
            lambda tx: [id_, tx.put(make_observation("5.0", id_=id_)).version], ACT, key=key
        ).result()
        if key not in self.given:
            self.model.put(id_, "p1", "5.0", ANY)
            self.given[key] = result
            self.n_done += 1
        assert result == self.given[key]

    @precondition(lambda self: self.n_done > 2)
    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = self.open()

    @invariant()
    def is_what_the_model_is(self) -> None:
        for id_ in IDS:
            expected = self.model.versions.get(id_, [])
            versions = self.store.history("Observation", id_)[::-1]
            assert [one.version for one in versions] == list(range(1, len(expected) + 1))
            for version, content in zip(versions, expected, strict=True):
                if content is None or content[0] in self.model.erased:
                    assert version.body is None
                    assert version.erased == (content is not None)
                else:
                    assert version.body
                    assert f'"value":{content[1]},'.encode() in version.body
                    assert f'"Patient/{content[0]}"'.encode() in version.body
        for patient in PATIENTS:
            assert [id_ for _, id_ in self.store.find_references("Patient", patient)] == self.model.find(
                patient
            )
        assert dict(query(self.store, "SELECT key, holder FROM claim")) == self.model.claims
        assert query(self.store, "SELECT count(*) FROM outbox") == [(self.model.n_sent,)]
        assert query(self.store, "SELECT count(*) FROM audit") == [(self.n_done,)]

    def teardown(self) -> None:
        findings = {finding.rule for finding in verify(self.store)}
        self.store.close()
        assert findings <= {"claim-held"}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "n_examples"), [("sqlite", 40), ("postgresql", 8)])
def test_the_store_does_what_the_model_does(
    kind: str, n_examples: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":

        def make_url() -> str:
            return f"sqlite:///{tmp_path}/{uuid4().hex}.db"
    else:
        cluster = request.getfixturevalue("cluster")

        def make_url() -> str:
            return str(cluster.add_schema())

    class Machine(StoreMachine):
        def __init__(self) -> None:
            super().__init__(make_url, tmp_path)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=n_examples, stateful_step_count=12, suppress_health_check=list(HealthCheck)
        ),
    )
