"""Uzbek in Cyrillic letters, made from Uzbek in Latin ones.

The Latin alphabet is that of the law of 1993 as amended in 1995 (oʻ, gʻ, sh, ch, ng); the Cyrillic one that
of 1940. Letters are mapped one by one after the pairs; ``e`` is э where a word or a syllable begins with it,
``ye`` is е there. What the Latin spelling has lost comes back where the word shows it: ц in borrowed endings
(``-tsiya``), ъ for the apostrophe, ь in a few stems. Places ``{name}`` and names of formats stay as they are.
"""

import re
from functools import cache

_KEPT = frozenset(
    {"FHIR", "HL7", "ID", "JWKS", "Oncopolis", "OpenID", "PDF", "PIN", "QR", "SMART", "SMS", "UTC"}
)
_PAIRS = {
    "yoʻ": "йў", "oʻ": "ў", "gʻ": "ғ", "sh": "ш", "ch": "ч", "ya": "я", "yo": "ё", "yu": "ю", "ye": "е",
}  # fmt: skip
_LETTERS = dict(
    zip("abdefghijklmnopqrstuvxyzʼcw", "абдефгҳижклмнопқрстувхйзъсв", strict=True)  # codespell:ignore
)
_BORROWED = (
    (re.compile(r"ts(?=i(?:y|o|e|a))"), "ц"),
    (re.compile(r"(?<=pro)ts(?=e)|(?<=li)ts(?=en)|(?<=do)ts(?=en)|(?<=vak)ts(?=in)|(?<=med)ts"), "ц"),
    (re.compile(r"(?<=kon)sult|(?<=re)zult"), lambda found: found[0][:2] + "lь" + found[0][3:]),
    (re.compile(r"kompyu"), "kompьyu"),
    (re.compile(r"filtr"), "filьtr"),
    (re.compile(r"(?<=ob|ub)y(?=ek)"), "ъy"),
)
_APOSTROPHES = str.maketrans({"‘": "ʻ", "’": "ʼ", "`": "ʻ", "'": "ʼ"})
_WORD = re.compile(r"\{[^}]*\}|&\w+;|[A-Za-zʻʼ\d]*[A-Za-z][A-Za-zʻʼ\d]*")
_VOWELS = frozenset("aeouʻ")
"""After ``i`` borrowed words have е: клиент, диета."""


@cache
def to_cyrillic(text: str) -> str:
    """Write an Uzbek text of Latin letters in Cyrillic ones."""
    plain = re.sub(r"(?<=[oOgG])['’`]", "ʻ", text).translate(_APOSTROPHES)
    return _WORD.sub(lambda found: _write_word(found[0]), plain)


def _write_word(word: str) -> str:
    if word[0] in "{&" or word in _KEPT or any(sign.isdigit() for sign in word):
        return word
    lower = word.lower()
    for pattern, better in _BORROWED:
        lower = pattern.sub(better, lower)
    written = _write_letters(lower)
    if len(word) > 1 and word.isupper():
        return written.upper()
    return written[:1].upper() + written[1:] if word[0].isupper() else written


def _write_letters(word: str) -> str:
    written, at = [], 0
    while at < len(word):
        pair = next((pair for pair in _PAIRS if word.startswith(pair, at)), None)
        if pair is not None:
            written.append(_PAIRS[pair])
            at += len(pair)
            continue
        is_first = at == 0 or word[at - 1] in _VOWELS
        written.append("э" if word[at] == "e" and is_first else _LETTERS.get(word[at], word[at]))
        at += 1
    return "".join(written)
