"""Dose rates: at once, and in the busiest hour, where a rule asks for them."""

from dataclasses import dataclass
from typing import Literal

from oncopolis.design.shielding.barriers import Judged
from oncopolis.design.shielding.beams import Beam
from oncopolis.design.shielding.facts import get_fact
from oncopolis.design.shielding.working import Step, show
from oncopolis.foundation.units import MSV_PER_SV

RateRule = Literal["ncrp", "uk"]


@dataclass(frozen=True)
class Rated:
    """A rate, what the rule allows, and how it was found."""

    rule: RateRule
    value: float
    limit: float
    unit: str
    step: Step

    @property
    def is_met(self) -> bool:
        """Whether the rate is within what the rule allows."""
        return self.value <= self.limit


def compute_rate(rule: RateRule, judged: Judged, beams: dict[str, Beam], occupancy: float) -> Rated | None:
    """Return the rate a rule asks for; None if a beam's dose rate is not known.

    Parameters
    ----------
    rule
        ``ncrp``: no more than 0.02 mSv in the busiest hour of an uncontrolled area; ``uk``: no more than
        7.5 uSv/h at once.
    judged
        Dose behind the barrier.
    beams
        By name.
    occupancy
        Of the point: rates hold for somebody who is there all the time.
    """
    if rule == "ncrp":
        return _compute_busiest_hour(judged, occupancy)
    parts: dict[str, float] = {}
    for part in judged.contributions:
        rate = beams[part.beam].dose_rate_gy_h
        if rate is None:
            return None
        parts[part.beam] = parts.get(part.beam, 0.0) + part.per_gray_sv * rate * MSV_PER_SV
    name = max(parts, key=lambda beam: parts[beam])
    rate = beams[name].dose_rate_gy_h
    assert rate is not None
    numbers = f"{show(MSV_PER_SV)} x {show(rate)} x {show(parts[name] / rate / MSV_PER_SV)} ({name})"
    step = Step(
        "IDR",
        "1000 D_0 h",
        numbers,
        parts[name],
        "mSv/hour",
        "IPEM 75 and Medical and Dental Guidance Notes, as quoted",
    )
    return Rated(rule, parts[name], get_fact("rate.uk.instantaneous"), "mSv/hour", step)


def _compute_busiest_hour(judged: Judged, occupancy: float) -> Rated:
    week = judged.dose_msv / occupancy
    busiest, hours = get_fact("rate.ncrp.busiest"), get_fact("rate.ncrp.hours_per_week")
    value = busiest / hours * week
    numbers = f"{show(busiest)} / {show(hours)} x {show(week)}"
    step = Step(
        "R_h",
        "(M / 40) H_week",
        numbers,
        value,
        "mSv",
        "NCRP 151, section 3.3",
        "somebody there all the time",
    )
    return Rated("ncrp", value, get_fact("rate.ncrp.hour"), "mSv", step)
