"""What a choice says, in any language: who was chosen, with which promise, and how the others stand."""

from oncopolis.foundation.units import PERCENT
from oncopolis.report.canonical import Plan
from oncopolis.report.language import mark
from oncopolis.report.sheet import Sheet
from oncopolis.report.tables import Column

DIGITS = 3  # structure: decimals of a probability in per cent that tell something

AS_IT_IS = mark("as it is")
"""Name of the alternative that is the project without a setting."""

Rows = list[tuple[str, ...]]


def write_chosen(sheet: Sheet, document: Plan) -> str:
    """Say which alternative was chosen by what."""
    goal, chosen = document["goal"], document["chosen"]
    if chosen is None:
        return sheet.text("Nothing is chosen: the search was stopped")
    words = (
        mark("{name} has the highest {figure}") if goal["highest"] else mark("{name} has the lowest {figure}")
    )
    return sheet.text(words, name=sheet.label(chosen), figure=goal["figure"])


def write_promise(sheet: Sheet, document: Plan) -> str:
    """Say how sure the choice is."""
    goal, probability = document["goal"], document["probability"]
    if probability is None:
        return sheet.text(
            "There is no promise: the search ended before the alternatives were told apart. Allow a larger "
            "indifference, or longer runs."
        )
    if goal["budget"] is not None:
        return sheet.text(
            "The probability that it is the best is about {probability} % by the means and their spread.",
            probability=_write_percent(sheet, probability),
        )
    return sheet.text(
        "The best is chosen with a probability of at least {probability} % if it is better than all "
        "others by {indifference} or more; one that comes nearer to it may be chosen in its place.",
        probability=_write_percent(sheet, probability),
        indifference=sheet.number(goal["indifference"]),
    )


def write_effort(sheet: Sheet, document: Plan) -> str:
    """Say how many replications there were."""
    words = sheet.text(
        "{n} replications of {days} days, seed {seed}; as many for all as for the one with most: {equal}.",
        n=sheet.number(document["replications"]),
        days=sheet.number(document["days"]),
        seed=document["seed"],
        equal=sheet.number(document["replications_if_equal"]),
    )
    return words if document["complete"] else f"{words} {sheet.text('Stopped early.')}"


def list_columns(sheet: Sheet) -> tuple[Column, ...]:
    """Return the columns of `list_rows`."""
    text = sheet.text
    return (
        Column(text("Alternative"), is_number=False),
        Column(text("Mean (95 % interval)")),
        Column(text("Against the chosen one")),
        Column(text("Replications")),
    )


def list_rows(sheet: Sheet, document: Plan) -> Rows:
    """Write a line for every alternative, in the order in which they were named."""
    return [
        (
            sheet.label(each["name"]),
            _write_interval(sheet, each["figure"]),
            _write_difference(sheet, each, document["chosen"]),
            _write_replications(sheet, each),
        )
        for each in document["alternatives"]
    ]


def _write_difference(sheet: Sheet, alternative: Plan, chosen: str | None) -> str:
    if alternative["difference"] is None:
        return sheet.text("chosen") if alternative["name"] == chosen else "–"
    sign = "+" if alternative["difference"]["value"] > 0 else ""
    return f"{sign}{_write_interval(sheet, alternative['difference'])}"


def _write_interval(sheet: Sheet, interval: Plan) -> str:
    return f"{sheet.number(interval['value'])} ({sheet.interval(interval)})"


def _write_replications(sheet: Sheet, alternative: Plan) -> str:
    n = sheet.number(alternative["replications"])
    return n if alternative["dropped_after"] is None else sheet.text("{n}, then dropped", n=n)


def _write_percent(sheet: Sheet, share: float) -> str:
    return sheet.tick(round(PERCENT * share, DIGITS))
