"""Names of rooms made comparable: case, punctuation and numbers aside."""

import re
import unicodedata
from functools import lru_cache

_NO_WORD = re.compile(r"[^\w\s]|_|\d", re.UNICODE)
_REMEMBERED = 100_000  # structure: names kept


@lru_cache(maxsize=_REMEMBERED)
def normalise(name: str) -> str:
    """Return the words of a name in small letters, without numbers and punctuation."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("'", "").replace("ʻ", "").replace("’", "")
    return " ".join(_NO_WORD.sub(" ", plain).split())
