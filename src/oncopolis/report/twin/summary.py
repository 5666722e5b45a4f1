"""The run in three sentences: does it hold, where is the bottleneck, how long do people wait."""

from typing import Any

from oncopolis.foundation.units import HOURS_PER_DAY, MINUTES_PER_HOUR
from oncopolis.report.twin.page import TwinPage

N_MISSED = 3  # structure: length of a list


def write_sentences(page: TwinPage) -> list[str]:
    """Return the sentences a planner needs first."""
    return [_write_targets(page), _write_bottleneck(page), _write_times(page)]


def _write_targets(page: TwinPage) -> str:
    text = page.text
    targets = page.document["targets"]
    known = [target for target in targets if target["held"] is not None]
    missed = [target for target in known if not target["held"]]
    if not known:
        return text(
            "The definition states no target that this run could measure, so nothing is said to hold."
        )
    if not missed:
        return text("It holds: all {n} targets are kept.", n=len(known))
    names = "; ".join(page.title(target["label"]) for target in missed[:N_MISSED])
    more = f" … (+{len(missed) - N_MISSED})" if len(missed) > N_MISSED else ""
    return text(
        "It does not hold: {missed} of {n} targets are missed ({names}).",
        missed=len(missed),
        n=len(known),
        names=names + more,
    )


def _write_bottleneck(page: TwinPage) -> str:
    ranked = page.document["bottlenecks"]
    if not ranked:
        return page.text("Nobody waits for any resource.")
    worst = page.resources[ranked[0]]
    return page.text(
        "The bottleneck: {resource}. {share} of all waiting is for them, and they are in use for {use} of "
        "their open time.",
        resource=page.title(worst["label"]),
        share=page.amount(worst["share_of_waiting"]["value"], "share"),
        use=page.amount(worst["utilisation"]["value"], "share"),
    )


def _write_times(page: TwinPage) -> str:
    text = page.text
    waits = page.document["waits"]["all"]
    if not waits:
        return text("Nobody came.")
    first = text(
        "A wait is {mean} on average, and one in ten is longer than {p90}.",
        mean=page.span(waits["mean"]["value"]),
        p90=page.span(waits["p90"]["value"]),
    )
    treated = find_everybody(page)
    if not treated:
        return first
    minutes = HOURS_PER_DAY * MINUTES_PER_HOUR
    second = text(
        "Half of the patients start their first treatment within {median} of referral, nine in ten within "
        "{p90}.",
        median=page.span(treated["median"]["value"] * minutes),
        p90=page.span(treated["p90"]["value"] * minutes),
    )
    return f"{first} {second}"


def find_everybody(page: TwinPage) -> dict[str, Any] | None:
    """Return the line of all patients on the way from referral to treatment, if anybody was treated."""
    lines: list[dict[str, Any]] = page.document["treatment"]["lines"]
    return next((line for line in lines if line["id"] == "all"), None)
