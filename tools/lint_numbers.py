"""Refuse numbers with a meaning in code: they belong into the evidence, where they have a range and a source.

A literal other than 0, 1, 2 and -1 is a fault unless it is an index or slice, the digits of a rounding,
or carries ``# structure: <reason>`` on its line, on the first or last line of its statement, or on the line
above that statement. Escapes are printed with their reasons, so that a reviewer reads them all.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "oncopolis"

EXEMPT = {
    "foundation/units.py": "conversion constants between units live there and nowhere else",
    "interop/drop/forms.py": "numbers of fields and components of HL7 v2 segments",
    "interop/hl7/*.py": "numbers of fields and components of HL7 v2 segments",
    "interop/mapping/*.py": "numbers of fields and components of HL7 v2 segments",
    "report/brief/*.py": "sizes, distances and colours of documents: layout, which has no source",
    "report/pictures/*.py": "sizes, distances and colours of drawings: layout, which has no source",
    "report/numerals.py": "how many digits a value is shown with",
    "report/workbooks/book.py": "column widths, paper size and limits of the workbook format",
}
"""Modules (patterns below the package) that may hold any number, each with the reason."""

_FREE = {0, 1, 2}
_ROUNDING = {"round", "around"}
_NUMBER_MAKERS = {"int", "float", "complex", "Decimal", "Fraction"}
_ESCAPE = re.compile(r"#\s*structure:\s*(?P<reason>.*)")
_ADVICE = "put it into src/oncopolis/evidence/data and ask for it by key, or say `# structure: <reason>`"


@dataclass(frozen=True)
class Fault:
    """A number that has no business where it stands."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Escape:
    """A number that code declares to be structure."""

    file: str
    line: int
    numbers: tuple[str, ...]
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {', '.join(self.numbers)}: {self.reason}"


def check_text(text: str, file: str) -> tuple[list[Fault], list[Escape]]:
    """Check one module; return its faults and the escapes it uses."""
    reasons, standing_alone = read_escapes(text)
    faults = [
        Fault(file, line, "`# structure:` gives no reason; say why") for line in reasons if not reasons[line]
    ]
    used: dict[int, list[str]] = {}
    for node, statement in list_numbers(ast.parse(text, file)):
        shown = ast.unparse(node)
        line = _find_escape(node, statement, reasons.keys() - standing_alone, standing_alone)
        if line is None:
            faults.append(Fault(file, node.lineno, f"number {shown} in code; {_ADVICE}"))
        else:
            used.setdefault(line, []).append(shown)
    faults += [
        Fault(file, line, "`# structure:` without a number it excuses; remove it")
        for line in reasons
        if line not in used
    ]
    escapes = [Escape(file, line, tuple(numbers), reasons[line]) for line, numbers in used.items()]
    return sorted(faults, key=lambda fault: fault.line), escapes


def read_escapes(text: str) -> tuple[dict[int, str], set[int]]:
    """Map the line of each ``# structure:`` comment to its reason; tell which have the line to themselves."""
    reasons: dict[int, str] = {}
    standing_alone: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and (match := _ESCAPE.search(token.string)):
            line, column = token.start
            reasons[line] = match["reason"].strip()
            if not token.line[:column].strip():
                standing_alone.add(line)
    return reasons, standing_alone


def list_numbers(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.stmt]]:
    """Yield every number with a possible meaning, beside the statement it stands in."""
    pending: list[tuple[ast.AST, ast.stmt | None]] = [(tree, None)]
    while pending:
        node, statement = pending.pop()
        if isinstance(node, ast.stmt):
            statement = node
        if isinstance(node, ast.expr) and statement is not None and _is_number(node):
            yield node, statement
            continue
        pending.extend((child, statement) for child in _list_children(node))


def _list_children(node: ast.AST) -> list[ast.AST]:
    """List what is below ``node`` but the places where a number is only a position or a number of digits."""
    if isinstance(node, ast.Subscript):
        return [node.value, *_list_position_children(node.slice)]
    if isinstance(node, ast.Call) and _name_of(node.func) in _ROUNDING:
        values = [keyword.value for keyword in node.keywords if keyword.arg not in {"ndigits", "decimals"}]
        kept = [*node.args, *values]
        return [
            node.func,
            *(child for child in kept if not _is_plain_integer(child) or child is node.args[0]),
        ]
    return list(ast.iter_child_nodes(node))


def _list_position_children(position: ast.expr) -> list[ast.AST]:
    """List the parts of an index that are not plain integers; ``x[3]`` and ``x[1:5]`` have none."""
    if isinstance(position, ast.Slice):
        parts = [part for part in (position.lower, position.upper, position.step) if part is not None]
    elif isinstance(position, ast.Tuple):
        parts = position.elts
    else:
        parts = [position]
    return [
        child
        for part in parts
        if not _is_plain_integer(part)
        for child in (_list_position_children(part) if isinstance(part, ast.Slice) else [part])
    ]


def _is_plain_integer(node: ast.AST) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and _name_of(node.func) in _NUMBER_MAKERS:
        return any(isinstance(item, ast.Constant) and _is_written_number(item.value) for item in node.args)
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float | complex)
        and not isinstance(node.value, bool)
        and node.value not in _FREE
    )


def _is_written_number(value: object) -> bool:
    """Whether a string spells a number that could not be written as a literal: ``float("0.45")``."""
    return (
        isinstance(value, str) and any(letter.isdigit() for letter in value) and value not in map(str, _FREE)
    )


def _name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _find_escape(
    node: ast.expr, statement: ast.stmt, trailing: AbstractSet[int], standing_alone: AbstractSet[int]
) -> int | None:
    """Find the comment that excuses ``node``; inside a class or an ``if`` each line needs its own."""
    lines = [node.lineno]
    if not hasattr(statement, "body"):
        lines += [statement.lineno, statement.end_lineno or statement.lineno]
        above = statement.lineno - 1
        if above in standing_alone:
            return above
    return next((line for line in lines if line in trailing), None)


def check_package(package: Path = PACKAGE) -> tuple[list[Fault], list[Escape]]:
    """Check every module of the package that is not exempt."""
    faults: list[Fault] = []
    escapes: list[Escape] = []
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        if any(inside.match(pattern) for pattern in EXEMPT):
            continue
        found, used = check_text(path.read_text("utf-8"), (Path("src") / package.name / inside).as_posix())
        faults += found
        escapes += used
    return faults, escapes


def main(arguments: Sequence[str]) -> int:
    """Print escapes and faults; ``--quiet`` leaves the escapes out."""
    faults, escapes = check_package()
    if "--quiet" not in arguments:
        for escape in escapes:
            print(f"structure: {escape}")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"numbers in code: {len(faults)} faults, {len(escapes)} declared as structure")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
