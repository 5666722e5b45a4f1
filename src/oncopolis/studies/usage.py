"""Which rows of the packaged evidence anything reads: library, examples, and code."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from oncopolis.evidence import Evidence

_TOKEN = re.compile(r"[a-z0-9_]+(?:\.(?:[a-z0-9_]+|\{\w+\}))+")
"""An evidence key as it is written, placeholders in braces included."""

_HOLDERS = ("centre", "planning", "design", "studies", "report")
"""Rooms whose files may name a key."""


def list_used_keys(evidence: Evidence) -> set[str]:
    """Return the keys that some file of the package names, with placeholders standing for any word.

    Parameters
    ----------
    evidence
        Rows to look for.
    """
    literal: set[str] = set()
    patterns: set[str] = set()
    for text in _list_texts():
        for token in _TOKEN.findall(text):
            (patterns if "{" in token else literal).add(token)
    used = literal & set(evidence.rows)
    for pattern in patterns:
        expression = re.compile(re.sub(r"\\\{\w+\\\}", "[a-z0-9_]+", re.escape(pattern)))
        used |= {key for key in evidence.rows if expression.fullmatch(key)}
    return used


def _list_texts() -> Iterator[str]:
    root = Path(str(files("oncopolis")))
    for room in _HOLDERS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in (".py", ".yaml"):
                yield path.read_text("utf-8")
