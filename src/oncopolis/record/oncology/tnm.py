"""TNM of the eighth edition: categories with their basis, other descriptors, stage groups.

Which categories and groups a site has is licensed (AJCC, UICC): `load_stages` takes the table of those who
have it. Without it the form is checked: which signs may stand where.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from oncopolis.foundation.errors import Collector, InputError
from oncopolis.record.oncology.issues import Checked, Issue

__all__ = ["Category", "Stages", "Tnm", "check_stage", "check_tnm", "load_stages", "parse_stage", "parse_tnm"]

_SUFFIXES: Final = {
    "T": r"X|0|is(?:\((?:DCIS|LCIS|Paget|LAMN|pu|pd)\))?|a|(?:1mi|[1-4](?:[a-e][1-3]?)?)",
    "N": r"X|0[ab]?|1mi|[1-3][a-c]?(?:ii?i?)?",
    "M": r"0|1[a-e]?(?:\([01]\))?",
}
_NOTES: Final = {
    "T": r"(?:\((?:m|s|[0-9]{1,2})\))?",
    "N": r"(?:\((?:sn|f|i-|i\+|mol-|mol\+|mi)\)){0,2}",
    "M": r"(?:\((?:i\+|mol\+|[A-Z]{3}(?:,[A-Z]{3})*)\))?",
}
_PREFIX: Final = r"(?P<{0}_prefix>[myra]{{0,3}}[cp]?)"
_PARTS: Final = {
    letter: rf"(?:{_PREFIX.format(letter)}{letter}(?P<{letter}>{suffix})(?P<{letter}_note>{_NOTES[letter]}))"
    for letter, suffix in _SUFFIXES.items()
}
_OTHERS: Final = r"(?P<others>(?: ?(?:L[X01]|V[X012]|Pn[X01]|G[X1-4]|R[X012]|S[X0-3]))*)"
_FORM: Final = re.compile(f"{_PARTS['T']}? ?{_PARTS['N']}? ?{_PARTS['M']}?{_OTHERS}")
_STAGE: Final = re.compile(
    r"(?:stage)?(0(?:a|is)?|occult|X|(?:I{1,3}|IV)(?:[A-E](?:[1-3])?)?(?:[12])?)", re.IGNORECASE
)
_BETWEEN: Final = re.compile(r"(?:[\s;]|,(?![^(]*\)))+")
_BASIS: Final = {"c": "clinical", "p": "pathological"}
_COLUMNS: Final = ("site", "t", "n", "m", "stage")


@dataclass(frozen=True, slots=True)
class Category:
    """One of T, N and M.

    Parameters
    ----------
    letter
        ``T``, ``N`` or ``M``.
    value
        What follows it: ``is``, ``2a``, ``X``.
    note
        In brackets, with them: ``(sn)``, ``(i+)``, ``(m)``.
    basis
        ``clinical``, ``pathological``, or empty where it is not told.
    prefixes
        Of ``y`` (after treatment began), ``r`` (recurrence), ``a`` (autopsy), ``m`` (several tumours).
    """

    letter: str
    value: str
    note: str = ""
    basis: str = ""
    prefixes: str = ""

    def __str__(self) -> str:
        return f"{self.prefixes}{self.basis[:1]}{self.letter}{self.value}{self.note}"


@dataclass(frozen=True, slots=True)
class Tnm:
    """A statement of the extent of a tumour; what is not told is None."""

    t: Category | None = None
    n: Category | None = None
    m: Category | None = None
    others: str = ""

    @property
    def categories(self) -> tuple[Category, ...]:
        """Those that are told."""
        return tuple(one for one in (self.t, self.n, self.m) if one)

    def __str__(self) -> str:
        return " ".join([*map(str, self.categories), *([self.others] if self.others else [])])


@dataclass(frozen=True, slots=True)
class Stages:
    """The stage groups of those who have a licence for them."""

    groups: Mapping[tuple[str, str, str, str], str] = field(repr=False)

    def find(self, site: str, tnm: Tnm) -> str | None:
        """Return the group of a tumour of a site, None where the table has none."""
        t, n, m = (one.value if one else "" for one in (tnm.t, tnm.n, tnm.m))
        return self.groups.get((site, t, n, m))


def parse_tnm(text: str) -> Tnm | None:
    """Read ``ypT2aN0(sn)M0``, with spaces and commas or without; None if it is no TNM.

    A basis that is told once is that of T and N; M has it only where it is told.
    """
    match = _FORM.fullmatch(_BETWEEN.sub(" ", text).strip())
    if match is None or not any(match[letter] for letter in "TNM"):
        return None
    found = {letter: _make(letter, match) for letter in "TNM" if match[letter] is not None}
    first = found.get("T")
    if first and "N" in found and not found["N"].basis and not found["N"].prefixes:
        n = found["N"]
        found["N"] = Category("N", n.value, n.note, first.basis, first.prefixes.replace("m", ""))
    return Tnm(found.get("T"), found.get("N"), found.get("M"), match["others"].replace(" ", ""))


def check_tnm(text: str) -> Checked:
    """Normal form of a TNM and what is wrong with it by the rules of all sites."""
    tnm = parse_tnm(text)
    if tnm is None:
        return Checked(
            text, (Issue("tnm-form", repr(text), "categories such as cT2 N0 M0, pTis, ypT0 N0(sn)"),)
        )
    issues = [issue for category in tnm.categories for issue in _check_category(category)]
    return Checked(str(tnm), tuple(issues))


def parse_stage(text: str) -> str | None:
    """Normal form of a stage group, such as ``IIA``; None if it is none."""
    match = _STAGE.fullmatch(re.sub(r"\s+", "", text))
    if match is None:
        return None
    stage = match[1]
    return stage.lower() if stage[0] == "0" or stage.lower() == "occult" else stage.upper()


def check_stage(text: str) -> Checked:
    """Normal form of a stage group and what is wrong with it."""
    stage = parse_stage(text)
    if stage is None:
        return Checked(text, (Issue("stage-form", repr(text), "0, I to IV with letters, such as IIIC"),))
    return Checked(stage)


def load_stages(path: Path) -> Stages:
    """Read the user's own table of stage groups: CSV with site, t, n, m and stage.

    Raises
    ------
    InputErrors, InputError
        Naming every row that is wrong.
    """
    faults = Collector()
    groups: dict[tuple[str, str, str, str], str] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := set(_COLUMNS) - set(reader.fieldnames or ()):
            raise _bad(f"{path}:1", f"no column {', '.join(sorted(missing))}", ", ".join(_COLUMNS))
        for row in reader:
            where = f"{path}:{reader.line_num}"
            site, t, n, m, stage = ((row[name] or "").strip() for name in _COLUMNS)
            key = (site, t.removeprefix("T"), n.removeprefix("N"), m.removeprefix("M"))
            tnm, group = parse_tnm(f"T{key[1]}N{key[2]}M{key[3]}"), parse_stage(stage)
            if not site or tnm is None or group is None:
                got = f"{site}, {t}, {n}, {m}, {stage}"
                faults.add(_bad(where, got, "a site, T, N, M and their stage"))
            elif groups.setdefault(key, group) != group:
                faults.add(_bad(where, f"{group}, and {groups[key]} before", "one stage for one row"))
    faults.raise_if_any()
    return Stages(groups)


def _make(letter: str, match: re.Match[str]) -> Category:
    prefix = match[f"{letter}_prefix"]
    basis = _BASIS.get(prefix[-1:], "")
    return Category(letter, match[letter], match[f"{letter}_note"], basis, prefix[:-1] if basis else prefix)


def _check_category(category: Category) -> list[Issue]:
    issues = []
    if category.letter == "M" and category.basis == "pathological" and category.value == "0":
        issues.append(
            Issue("tnm-pm0", str(category), "cM0, cM1 or pM1: no microscope proves that there are none")
        )
    if len(set(category.prefixes)) != len(category.prefixes):
        issues.append(Issue("tnm-prefix", str(category), "each of y, r, a and m once"))
    if "m" in category.prefixes and category.letter != "T":
        issues.append(Issue("tnm-prefix", str(category), "m before T only"))
    return issues


def _bad(where: str, got: str, expected: str) -> InputError:
    return InputError(code="REC-223", where=where, got=got, expected=expected, fix="mend the file")
