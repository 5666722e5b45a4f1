"""What agreement and disagreement weigh: the table ``weights.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log2

import yaml

__all__ = ["Weights", "get_weights"]


@dataclass(frozen=True, slots=True)
class Weights:
    """How likely two people are one.

    Parameters
    ----------
    levels
        Thing that is compared -> how it compares -> bits.
    people
        How many people the record has.
    shown, likely
        Probabilities from which somebody is shown, and has to be told apart.
    """

    levels: Mapping[str, Mapping[str, float]]
    people: int
    shown: float
    likely: float

    def weigh(self, thing: str, level: str) -> float:
        """Bits for, or against, two people being one."""
        return self.levels[thing][level]

    def to_probability(self, bits: float) -> float:
        """Probability that two people who weigh so much together are one."""
        return 1 / (1 + 2 ** (log2(self.people) - bits))


@cache
def get_weights() -> Weights:
    """The table of the house."""
    table = yaml.safe_load((files(__package__) / "weights.yaml").read_text("utf-8"))
    levels = {
        thing: {level: log2(row["m"] / row["u"]) for level, row in rows.items()}
        for thing, rows in table["levels"].items()
    }
    return Weights(levels, table["people"], table["shown"], table["likely"])
