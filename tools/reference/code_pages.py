"""What is read out of the code itself: units, errors, findings and layers."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from oncopolis.foundation import errors
from oncopolis.foundation.units import PER, UNITS
from reference.markdown import to_code, to_page, to_table

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "oncopolis"
_FIXES = {"Refusal": "send it corrected"}
"""Errors that always say the same about what to do."""
_SAID_BY = {"JourneyReason": "JourneyRefused"}
"""What is said of the reasons of an error -> that error."""
_FILLED = "…"
"""Stands for what a program fills into a text."""


def list_pages() -> Iterator[tuple[str, str]]:
    """Yield the pages of units, errors, findings and layers."""
    yield "units.md", _to_units_page()
    yield "errors.md", _to_errors_page()
    yield "findings.md", _to_findings_page()
    yield "layers.md", _to_layers_page()


def _to_units_page() -> str:
    units = to_table(("unit", "meaning"), ((to_code(unit), meaning) for unit, meaning in UNITS.items()))
    per = ", ".join(to_code(name) for name in sorted(PER))
    return to_page(
        "Units",
        "An evidence row states its unit out of this closed list, and what it is counted per.",
        units,
        "## Denominators (`per`)",
        per,
    )


def _to_errors_page() -> str:
    tree = f"```text\n{(errors.__doc__ or '').partition('::')[2].strip()}\n```"
    calls = sorted(
        {
            _to_error_row(call)
            for call in _list_calls("")
            if (_text_of(call, "fix") or _name_of(call) in {"to_errors", *_FIXES})
            and _text_of(call, "code") not in {"", _FILLED}
        }
    )
    return to_page(
        "Errors",
        "A message names the place, the value found, what is allowed and what to do, and ends with its code.",
        tree,
        to_table(("code", "error", "expected", "what to do"), calls),
    )


def _to_error_row(call: ast.Call) -> tuple[str, str, str, str]:
    if _name_of(call) == "to_errors":
        # One for each complaint about a file that does not have its form; the form says what is expected.
        return (
            _text_of(call, "code"),
            "`InputError`",
            "a key and a value of the form of the file",
            "as the message says",
        )
    return (
        _text_of(call, "code"),
        to_code(_SAID_BY.get(_name_of(call), _name_of(call))),
        _text_of(call, "expected"),
        _text_of(call, "fix") or _FIXES[_name_of(call)],
    )


def _to_findings_page() -> str:
    calls = sorted(
        {
            (
                to_code(_text_of(call, "rule")),
                _text_of(call, "severity"),
                _text_of(call, "message"),
                _text_of(call, "fix"),
            )
            for call in _list_calls("Finding")
            if _text_of(call, "rule")
        }
    )
    return to_page(
        "Findings",
        "What a check has to say. An *error* fails a command (exit code 1), a *warning* asks for a decision, "
        "a *note* informs.",
        to_table(("rule", "severity", "message", "what to do"), calls),
    )


def _list_calls(ending: str) -> list[ast.Call]:
    return [call for call in _list_all_calls() if _name_of(call).endswith(ending)]


@cache
def _list_all_calls() -> tuple[ast.Call, ...]:
    """Return every call of the package that gives an argument by its name."""
    calls = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"), str(path))
        _name_parents(tree)
        calls += [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.keywords]
    return tuple(calls)


def _name_parents(tree: ast.AST) -> None:
    """Let what a class says to its parent's `__init__` stand under its own name."""
    for made in ast.walk(tree):
        if isinstance(made, ast.ClassDef):
            for call in ast.walk(made):
                if isinstance(call, ast.Call) and _is_of_parent(call.func):
                    call.func = ast.Name(id=made.name)


def _is_of_parent(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "__init__"
        and ast.unparse(function) == "super().__init__"
    )


def _name_of(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text_of(call: ast.Call, name: str) -> str:
    """Return the text given for an argument, with an ellipsis where the program fills something in."""
    value = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    return _to_text(value) if value is not None else ""


def _to_text(value: ast.expr) -> str:
    match value:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_to_text(part) for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _to_text(left) + _to_text(right)
        case _:
            return _FILLED


def _to_layers_page() -> str:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    floors, *others = settings["contracts"]
    rows = [_to_floor(line) for line in floors["layers"]]
    rules = "\n".join(f"- {contract['name']}" for contract in others)
    return to_page(
        "Layers",
        "A room imports only rooms of lower lines; rooms of one line do not import each other. "
        "`make lint` holds this.",
        to_table(("rooms", "built"), rows),
        "Besides:",
        rules,
    )


def _to_floor(line: str) -> tuple[str, str]:
    rooms = [room.strip() for room in line.split("|")]
    built = [
        room.strip("()") for room in rooms if (PACKAGE / room.strip("()")).exists() or room == "__main__"
    ]
    return " · ".join(to_code(room.strip("()")) for room in rooms), ", ".join(built) or "not yet"
