"""Commands are found, faults become messages, and exit codes keep their meaning."""

import subprocess
import sys

import click
import pytest

from oncopolis.cli import entry
from oncopolis.foundation import ExternalError, InfeasibleError, InputError, InputErrors, OncopolisError

COMMANDS = ("new", "plan", "explain", "compare", "validate", "evidence", "schema")

Outcomes = list[BaseException | int]


def fault(kind: type[OncopolisError], where: str = "centre.yaml:3") -> OncopolisError:
    return kind(code="X-001", where=where, got="a", expected="b", fix="do c")


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> Outcomes:
    """What the command under test raises or returns; the test puts it in."""
    outcomes: Outcomes = []

    @click.command()
    def command() -> int:
        if isinstance(outcomes[0], BaseException):
            raise outcomes[0]
        return outcomes[0]

    monkeypatch.setattr(entry.LazyGroup, "get_command", lambda *_: command)
    return outcomes


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["--help"]) == 0
    listed = capsys.readouterr().out
    assert all(f"\n  {name} " in listed for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run([name, "--help"]) == 0
    assert f"Usage: oncopolis {name}" in capsys.readouterr().out


def test_help_does_not_wait_for_what_it_does_not_need() -> None:
    program = (
        "import sys; from oncopolis.cli import entry; entry.run(['--help']);"
        "heavy = {'pydantic', 'numpy', 'yaml', 'rich', 'matplotlib', 'scipy'};"
        "print(*heavy & set(sys.modules), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not result.stderr.strip()


def test_the_module_is_the_command() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "oncopolis", "--help"], capture_output=True, text=True, check=True
    )
    assert result.stdout.startswith("Usage: oncopolis ")


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (0, 0),
        (1, 1),
        (fault(InputError), 2),
        (fault(InfeasibleError), 3),
        (fault(ExternalError), 4),
        (KeyboardInterrupt(), 130),
        (PermissionError(13, "Permission denied", "build"), 2),
        (click.UsageError("give a key"), 2),
    ],
)
def test_exit_codes(
    outcome: BaseException | int, code: int, outcomes: Outcomes, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes.append(outcome)
    assert entry.run(["plan"]) == code
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    assert not told.out
    if isinstance(outcome, BaseException):
        assert told.err.strip()


def test_all_faults_of_a_reading_are_told(outcomes: Outcomes, capsys: pytest.CaptureFixture[str]) -> None:
    outcomes.append(InputErrors([fault(InputError, f"centre.yaml:{line}") for line in (3, 8)]))
    assert entry.run(["plan"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "centre.yaml:3: got a, expected b, do c [X-001]",
        "centre.yaml:8: got a, expected b, do c [X-001]",
    ]


def test_a_fault_of_ours_is_not_hidden(outcomes: Outcomes) -> None:
    outcomes.append(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        entry.run(["plan"])


def test_a_reader_that_has_gone_is_no_fault() -> None:
    program = (
        "import click; from oncopolis.cli import entry;"
        "lines = click.Command('plan', callback=lambda: [click.echo('line') for _ in range(100_000)]);"
        "entry.LazyGroup.get_command = lambda *_: lines; entry.main(['plan'])"
    )
    pipe = f'{sys.executable} -c "{program}" | head -n 1; exit ${{PIPESTATUS[0]}}'
    result = subprocess.run(["bash", "-c", pipe], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "line\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["plan", "examples/tashkent"],
        ["plan", "p", "--out", "o", "--draws", "-1"],
        ["plan", "p", "--out", "o", "--draws", "many"],
        ["plan", "p", "--out", "o", "--language", "fr"],
        ["plan", "p", "--out", "o", "--set", "beds"],
        ["plan", "p", "--out", "o", "--set", "beds="],
        ["plan", "p", "--out", "o", "--set", "a=1", "--set", "a=2"],
        ["explain", "p"],
        ["explain", "p", "linacs", "--list"],
        ["compare", "one"],
        ["schema", "hospital"],
        ["new", "here"],
        ["evidence", "show"],
        ["evidence", "show", "no.such.key"],
    ],
)
def test_wrong_use_exits_with_2_and_says_why(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert entry.run(arguments) == 2
    assert capsys.readouterr().err.strip()
