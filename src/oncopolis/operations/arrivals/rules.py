"""What queues go by: how early, how late, and for how long nobody answers."""

from dataclasses import dataclass

from oncopolis.operations.house import House


@dataclass(frozen=True, slots=True)
class Rules:
    """Times in milliseconds.

    Parameters
    ----------
    grace_ms
        Whoever comes later than this after the appointment loses the place of the appointment.
    early_ms
        From how long before the appointment kiosks and phones check in.
    no_show_ms
        How long after the appointment nobody is expected any more.
    no_answer_ms
        How long after a call whoever was called counts as gone.
    """

    grace_ms: int
    early_ms: int
    no_show_ms: int
    no_answer_ms: int


def get_rules(house: House) -> Rules:
    """Return the rules of a house."""
    return Rules(
        grace_ms=house.values.get_ms("queue.grace"),
        early_ms=house.values.get_ms("queue.early"),
        no_show_ms=house.values.get_ms("queue.no_show"),
        no_answer_ms=house.values.get_ms("queue.no_answer"),
    )


def find_order_ms(planned_ms: int | None, asked_ms: int, rules: Rules) -> int:
    """Return the time by which somebody stands in a queue.

    That of the appointment, for whoever is not later than the grace; that of coming for everybody else.
    """
    if planned_ms is None or asked_ms > planned_ms + rules.grace_ms:
        return asked_ms
    return planned_ms
