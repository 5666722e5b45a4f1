"""What was found in a row of a file or a scan, in the reader's language.

Refusals say what they found in English, with values in it. Here are the sentences they are made of: what a
slot stands for is kept as it is, but for words of ours (slots that begin with ``word``).
"""

import re
from functools import cache
from typing import Final

from oncopolis.foundation.marking import mark
from oncopolis.web.pages.languages import Words

_WORDS: Final = (mark("diagnostic"), mark("transplant"))
"""Words of slots that nothing else marks."""
SENTENCES: Final = (
    mark("another value at the same time"),
    mark("a barcode seen before"),
    mark("no barcode"),
    mark("a block of paraffin for other storage"),
    mark("what is no block of paraffin"),
    mark("a block of paraffin to be thawed"),
    mark("a closed box"),
    mark("a position that an evacuation needs"),
    mark("a position that is {word_use} ({why})"),
    mark("a position with {barcode} in a full box ({stored} of {places})"),
    mark("a position with {barcode}"),
    mark("position {place}"),
    mark("a {word_kind}, which holds containers"),
    mark("none of that name"),
    mark("an unknown barcode"),
    mark("away ({who})"),
    mark("gone ({who})"),
    mark("one in a position"),
    mark("one that was preserved before"),
    mark("{word_one} material for {word_other} storage"),
    mark("{word_one} material in {word_other} storage"),
    mark("{amount} to be drawn"),
    mark("{amount} left of {initial}"),
    mark("amount {amount}"),
    mark("a vial at {place} that was not read ({barcode})"),
    mark("{barcode} at {place}, of no parent"),
    mark("{barcode} at {place}, of {parent}"),
    mark("{barcode} at {place}"),
    mark("no vial"),
    mark("{n} rows"),
    mark("more than {n} rows"),
    mark("no row"),
    mark("no row that counts"),
    mark("{n} rows that are wrong"),
    mark("a specimen older than its parent {parent}, or of the future"),
    mark("a specimen older than its parent {parent}"),
    mark("a time to come, or made before it was collected"),
    mark("{place}, which has {barcode}"),
    mark("parent {parent}"),
    mark("box {box}"),
    mark("donor {donor}, {word_sex}, {year}"),
    mark("a workbook without a sheet"),
    mark("a workbook that cannot be read ({why})"),
    mark("nothing left"),
    mark("nothing for {columns}; unknown {others}"),
    mark("nothing for {columns}"),
    mark("unknown {others}"),
    mark("{column} nothing"),
    mark("subject {name}"),
    mark("kind {name}"),
    mark("time {text}"),
    mark("value {text}"),
    mark("{n} readings, {lowest} to {highest} degrees Celsius, within the limits"),
    mark("{n} readings, {lowest} to {highest} degrees Celsius, outside for {minutes} min"),
)
"""Those that stand before others are looked for first."""
_SLOT: Final = re.compile(r"\{(\w+)\}")


def tell_found(words: Words, got: str) -> str:
    """Return what was found as a reader reads it; what is made of values alone stays as it is."""
    for sentence, pattern in _list_patterns():
        if match := pattern.fullmatch(got):
            parts = {
                name: words.text(part) if name.startswith("word") else part
                for name, part in match.groupdict().items()
            }
            return words.text(sentence, **parts)
    return got


@cache
def _list_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one, _make_pattern(one)) for one in SENTENCES)


def _make_pattern(sentence: str) -> re.Pattern[str]:
    """Return what fits a sentence, whatever its slots hold."""
    parts = _SLOT.split(sentence)
    fixed = (re.escape(part) if n % 2 == 0 else f"(?P<{part}>.+?)" for n, part in enumerate(parts))
    return re.compile("".join(fixed), re.DOTALL)
