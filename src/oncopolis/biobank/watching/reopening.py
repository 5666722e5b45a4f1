"""A tank that was closed or emptied is used again: after somebody has inspected it, and with no alarm."""

from dataclasses import replace

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.storage.asking import Name, Reason
from oncopolis.biobank.storage.finding import get_container
from oncopolis.biobank.watching.alarms import TankAlarm
from oncopolis.biobank.watching.breaches import RULES
from oncopolis.foundation import ConflictError, Frozen
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.watching import list_open_tasks


class OpenTank(Frozen):
    """A tank was inspected, and may be filled again."""

    tank: Name
    inspection: Reason
    """What was looked at, and what was found."""


def open_tank(books: Books, asked: OpenTank, moment: Moment) -> Decision:
    """Let a tank be used again.

    Raises
    ------
    ConflictError
        It is in use, is being emptied, or an alarm of it goes on (BIO-222).
    """
    tank = get_container(books, asked.tank)
    faults = ["one in use"] if tank.state == "used" else []
    faults += ["one that is being emptied"] if books.find_evacuation(tank.id) is not None else []
    faults += [f"an alarm, {key}" for key in list_alarms(books, tank.name, moment)]
    if tank.kind != "tank" or faults:
        raise ConflictError(
            code="BIO-222", where=f"container {tank.name}", got="; ".join(faults) or f"a {tank.kind}",
            expected="a tank that is closed, that nothing is carried out of, and without alarms",
            fix="see to its alarms, or go on with its evacuation or cancel it",
        )  # fmt: skip
    event = Event("opened", container=tank.id, told={"inspection": asked.inspection})
    return Decision((replace(tank, state="used"),), (event,))


def list_alarms(books: Books, subject: str, moment: Moment) -> list[str]:
    """Names of the alarms of a tank that go on."""
    tasks = (moment.fetch("Task", id_) for id_ in list_open_tasks(books.session, RULES))
    alarms = [TankAlarm.from_record(one) for one in tasks if one is not None]
    return sorted(one.key for one in alarms if one.subject == subject and one.is_open and not one.is_drill)


ACTS = (Act("bank_open_tank", OpenTank, open_tank),)
