"""The lint that keeps numbers with a meaning out of the code, on passing and failing snippets."""

import pytest

from lint_numbers import EXEMPT, PACKAGE, check_package, check_text

PASSING = [
    "x = 0",
    "x = 1.0 - y",
    "x = -1",
    "x = y ** 2",
    "x = True",
    "x = row[7]",
    "x = row[3:-5]",
    "x = grid[4, 1:9]",
    "x = round(y, 3)",
    "x = np.round(y, decimals=4)",
    "x = f'{y:.3f} of 100'",
    "x = 'beds.occupancy.85'",
    "kind: Literal[3, 4]",
    "x = 16  # structure: bytes of a digest",
    "# structure: column widths of the terminal\nx = [30, 12, 12]",
    "x = {  # structure: exit codes\n    'a': 3,\n    'b': 4,\n}",
    "x = int(text)",
    "x = float('inf')",
]

FAILING = [
    ("x = 450", 1),
    ("x = 0.85 * y", 1),
    ("def f(share=0.3): ...", 1),
    ("if y > 12:\n    pass", 1),
    ("x = y ** 3", 1),
    ("x = row[y > 0.5]", 1),
    ("x = grid[0.5:, 0]", 1),
    ("x = round(0.3)", 1),
    ("x = round(17.4, 1)", 1),
    ("x = float('0.45')", 1),
    ("x = Decimal('12')", 1),
    ("x = [\n    0,\n    37,\n]", 3),
    ("class A:  # structure: not for everything inside\n    b = 7", 2),
    ("x = f'{y * 60:.0f}'", 1),
    ("match y:\n    case 5:\n        pass", 2),
    ("x = 3j", 1),
]


@pytest.mark.parametrize("text", PASSING)
def test_structure_passes(text: str) -> None:
    faults, _ = check_text(text, "module.py")
    assert not faults


@pytest.mark.parametrize(("text", "line"), FAILING)
def test_a_number_with_a_meaning_is_refused_with_its_line_and_what_to_do(text: str, line: int) -> None:
    faults, _ = check_text(text, "module.py")
    assert faults
    fault = next(fault for fault in faults if "number" in fault.message and "without" not in fault.message)
    assert (fault.file, fault.line) == ("module.py", line)
    assert "evidence" in str(fault)


def test_escapes_are_listed_with_their_reason() -> None:
    _, escapes = check_text("x = 16  # structure: bytes of a digest", "module.py")
    assert [str(escape) for escape in escapes] == ["module.py:1: 16: bytes of a digest"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("x = 16  # structure:", "no reason"), ("x = 1  # structure: nothing to excuse", "without a number")],
)
def test_an_escape_needs_a_reason_and_a_number(text: str, message: str) -> None:
    faults, _ = check_text(text, "module.py")
    assert any(message in fault.message for fault in faults)


def test_the_package_holds_no_number_with_a_meaning() -> None:
    faults, _ = check_package()
    assert not faults, "\n".join(map(str, faults))


def test_exempt_modules_exist_and_give_a_reason() -> None:
    for pattern, reason in EXEMPT.items():
        assert list(PACKAGE.glob(pattern)), pattern
        assert reason
