"""Which rows of the packaged evidence anything reads: library, examples, and code."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from oncopolis.evidence import Evidence

_TOKEN = re.compile(r"[a-z0-9_]+(?:\.(?:[a-z0-9_]+|\{\w+\}))+")
"""An evidence key as it is written, placeholders in braces included."""

_OWN = "evidence"
"""The room that holds the rows: to stand there is not yet to be read."""


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
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".yaml") and path.relative_to(root).parts[0] != _OWN:
            yield path.read_text("utf-8")
