"""Reads a formula as the plan prints it, and works it out from the printed inputs."""

import math
import re
from collections.abc import Mapping
from typing import Any

TOKEN = re.compile(r"\s*(, at least|, at most|round up\(|sum\(|[-+x/^(),]|#\d+|\d+(?:\.\d+)?(?:e[-+]?\d+)?)")


class NotArithmeticError(Exception):
    """The formula names something that is neither a number nor an input."""


def compute(document: Mapping[str, Any], key: str) -> float:
    """Work out a figure from its formula and the values of its inputs."""
    figure = document["figures"][key]
    by_label: dict[str, float] = {}
    for name in figure["inputs"]:
        found = document["figures"].get(name) or document["evidence_used"][name]
        if by_label.setdefault(found["label"], found["value"]) != found["value"]:
            raise NotArithmeticError(found["label"])
    text = figure["formula"]
    values: list[float] = []
    for label in sorted(by_label, key=len, reverse=True):
        text = text.replace(label, f"#{len(values)}")
        values.append(by_label[label])
    text = re.sub(rf" in {document['reference_year']}\b", "", text)
    reader = _Reader(text, values)
    value = reader.read_limits()
    if reader.tokens:
        raise NotArithmeticError(text)
    return value


class _Reader:
    def __init__(self, text: str, values: list[float]) -> None:
        self.values = values
        self.tokens: list[str] = []
        place = 0
        while place < len(text):
            match = TOKEN.match(text, place)
            if match is None:
                raise NotArithmeticError(text[place:])
            self.tokens.append(match[1])
            place = match.end()

    def take(self, *wanted: str) -> str | None:
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else None

    def read_limits(self) -> float:
        value = self.read_sum()
        while sign := self.take(", at least", ", at most"):
            other = self.read_sum()
            value = max(value, other) if sign == ", at least" else min(value, other)
        return value

    def read_sum(self) -> float:
        value = self.read_product()
        while sign := self.take("+", "-"):
            other = self.read_product()
            value = value + other if sign == "+" else value - other
        return value

    def read_product(self) -> float:
        value = self.read_power()
        while sign := self.take("x", "/"):
            other = self.read_power()
            value = value * other if sign == "x" else value / other if other else 0.0
        return value

    def read_power(self) -> float:
        value = self.read_atom()
        return value ** self.read_atom() if self.take("^") else value

    def read_atom(self) -> float:
        if self.take("-"):
            return -self.read_atom()
        if opened := self.take("round up(", "sum(", "("):
            parts = [self.read_limits()]
            while self.take(","):
                parts.append(self.read_limits())
            if not self.take(")"):
                raise NotArithmeticError("no closing parenthesis")
            return math.ceil(parts[0] - 1e-9) if opened == "round up(" else sum(parts)
        if not self.tokens or not re.match(r"#?\d", self.tokens[0]):
            raise NotArithmeticError(" ".join(self.tokens))
        token = self.tokens.pop(0)
        return self.values[int(token[1:])] if token.startswith("#") else float(token)
