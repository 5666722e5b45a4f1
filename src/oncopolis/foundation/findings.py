"""`Finding`: the one type for everything a check has to say."""

from typing import Literal

from oncopolis.foundation.frozen import Frozen

Severity = Literal["error", "warning", "note"]


class Finding(Frozen):
    """What a check found, where, and what to do about it."""

    rule: str
    """Stable name of the rule, such as ``protons-before-photons``."""
    severity: Severity
    """``error`` fails a command, ``warning`` asks for a decision, ``note`` informs."""
    where: str
    """The key, file or object the finding is about."""
    message: str
    """The finding in one sentence."""
    actual: str = ""
    """What was found."""
    expected: str = ""
    """What the rule asks for."""
    source: str = ""
    """Evidence key, clause or bibliography id behind the rule."""
    fix: str = ""
    """What to do."""
