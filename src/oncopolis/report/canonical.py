"""The plan document as bytes: the same plan, the same file."""

import json
import math
from typing import Any

SIGNIFICANT_DIGITS = 6  # structure: precision of the file
"""Digits of a float that are kept: more than any coefficient of the evidence supports."""

Plan = dict[str, Any]


def round_numbers(value: Any) -> Any:
    """Return a copy of a plain structure with every float rounded to `SIGNIFICANT_DIGITS`.

    Raises
    ------
    ValueError
        If a float is infinite or not a number: a plan never holds one.
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a plan holds finite numbers only")
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    if isinstance(value, dict):
        return {str(key): round_numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [round_numbers(item) for item in value]
    return value


def to_bytes(plan: Plan) -> bytes:
    """Write a plan as UTF-8 JSON, one entry of the upper two levels a line, so that lines can be compared."""
    parts = [f"{_dump(key)}: {_dump_lines(value)}" for key, value in plan.items()]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode("utf-8")


def _dump_lines(value: Any) -> str:
    if isinstance(value, dict) and value:
        return "{\n" + ",\n".join(f"  {_dump(key)}: {_dump(item)}" for key, item in value.items()) + "\n}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"  {_dump(item)}" for item in value) + "\n]"
    return _dump(value)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
