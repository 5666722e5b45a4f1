"""Errors say where, what, and what to do; keep their exit codes; and survive a pipe between processes."""

import pickle
from multiprocessing import Pipe

import pytest

from oncopolis.foundation import (
    Collector,
    ConflictError,
    EvidenceError,
    ExternalError,
    ForbiddenError,
    InfeasibleError,
    InputError,
    InputErrors,
    NotFoundError,
    OncopolisError,
)

KINDS = {
    InputError: 2,
    EvidenceError: 2,
    NotFoundError: 2,
    ConflictError: 2,
    ForbiddenError: 2,
    InfeasibleError: 3,
    ExternalError: 4,
}


def fault(kind: type[OncopolisError] = InputError, where: str = "a.yaml:3: x") -> OncopolisError:
    return kind(code="ABC-001", where=where, got="1", expected="2", fix="write 2")


@pytest.mark.parametrize(("kind", "exit_code"), KINDS.items())
def test_each_kind_has_its_exit_code(kind: type[OncopolisError], exit_code: int) -> None:
    """The exit code of a command is that of the error that ended it."""
    assert fault(kind).exit_code == exit_code


def test_a_message_has_four_parts_and_the_code() -> None:
    """A message reads where, got, expected, fix, and names its code."""
    assert str(fault()) == "a.yaml:3: x: got 1, expected 2, write 2 [ABC-001]"


def test_many_are_told_line_by_line() -> None:
    """Gathered errors are told one a line and carry the code of the first."""
    many = InputErrors([fault(where="a:1"), fault(where="b:2")])
    assert [line.split(": got")[0] for line in str(many).splitlines()] == ["a:1", "b:2"]
    assert (many.code, many.where, many.exit_code) == ("ABC-001", "a:1", 2)


@pytest.mark.parametrize("kind", KINDS)
def test_errors_survive_pickling(kind: type[OncopolisError]) -> None:
    """A worker's error arrives with its class, its fields and its message."""
    error = fault(kind)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert vars(again) == vars(error)
    assert str(again) == str(error)


def test_gathered_errors_go_through_a_pipe() -> None:
    """Several errors sent from one process to another arrive as the same several errors."""
    sender, receiver = Pipe()
    with sender, receiver:
        sender.send(InputErrors([fault(where="a:1"), fault(EvidenceError, "b:2")]))
        again = receiver.recv()
    assert [(type(error), error.where) for error in again.errors] == [
        (InputError, "a:1"),
        (EvidenceError, "b:2"),
    ]


def test_nothing_gathered_raises_nothing() -> None:
    """An empty collector lets the reading go on."""
    Collector().raise_if_any()


def test_one_gathered_error_is_raised_itself() -> None:
    """One error keeps its own class, and so its own exit code."""
    faults = Collector()
    faults.add(fault(InfeasibleError))
    with pytest.raises(InfeasibleError):
        faults.raise_if_any()


def test_gathered_errors_are_flattened() -> None:
    """Errors that were gathered before are kept one by one, in order."""
    faults = Collector()
    faults.add(fault(where="a:1"))
    faults.add(InputErrors([fault(where="b:2"), fault(where="c:3")]))
    with pytest.raises(InputErrors) as caught:
        faults.raise_if_any()
    assert [error.where for error in caught.value.errors] == ["a:1", "b:2", "c:3"]
