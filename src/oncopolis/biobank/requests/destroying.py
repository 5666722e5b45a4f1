"""Specimens are destroyed by two people, for a reason."""

from dataclasses import replace

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.requests.asking import AskDestruction, SignDestruction
from oncopolis.biobank.specimens.changing import change
from oncopolis.biobank.storage.finding import check_present
from oncopolis.biobank.storage.placing import get_all_present
from oncopolis.foundation import ConflictError, ForbiddenError, NotFoundError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.specimens import Task


def ask_destruction(books: Books, asked: AskDestruction, moment: Moment) -> Decision:
    """Open a task to destroy each specimen; one that is open already stays the only one."""
    specimens = get_all_present(books, asked.barcodes)
    known = {
        one.specimen
        for one in books.list_tasks_of(one.id for one in specimens)
        if one.state in ("open", "signed")
    }
    numbers = books.make_numbers(Task)
    tasks = [
        Task(next(numbers), "destroy", one.id, one.donor, asked.reason, "open", "", "", moment.at_ms)
        for one in specimens if one.id not in known
    ]  # fmt: skip
    events = [Event("destruction asked", one.id, told={"why": asked.reason}) for one in specimens]
    return Decision(tuple(tasks), tuple(events), (), {"tasks": [one.id for one in tasks]})


def sign_destruction(books: Books, asked: SignDestruction, moment: Moment) -> Decision:
    """Sign; with the second of two signatures the specimen is gone."""
    task = books.find(Task, asked.task)
    if task is None or task.specimen is None:
        raise NotFoundError(
            code="BIO-072", where=f"task {asked.task}", got="no such task", expected="one that is open",
            fix="choose it from the list of tasks",
        )  # fmt: skip
    specimen = books.get_specimens([task.specimen])[task.specimen]
    if task.state not in ("open", "signed"):
        raise ConflictError(
            code="BIO-073", where=f"task {task.id}, specimen {specimen.barcode}",
            got=f"one that is {task.state}", expected="one that is open", fix="nothing has to be done",
        )  # fmt: skip
    check_present(specimen)
    if task.state == "open":
        signed = replace(task, state="signed", first_by=moment.name)
        event = Event("destruction signed", specimen.id, told={"task": task.id})
        return Decision((signed,), (event,), (), {"signatures": 1})
    if task.first_by == moment.name:
        raise ForbiddenError(
            code="BIO-074", where=f"task {task.id}, specimen {specimen.barcode}",
            got=f"the second signature of {moment.name}", expected="another person's",
            fix="have somebody else look and sign",
        )  # fmt: skip
    picks = [
        replace(one, state="dropped") for one in books.list_picks_of([specimen.id])
        if one.state in ("listed", "picked")
    ]  # fmt: skip
    after = replace(
        specimen, state="gone", holder=f"destroyed: {task.reason}", box=None, place=None, request=None,
        remaining=0,
    )  # fmt: skip
    done = replace(task, state="done", second_by=moment.name, done_ms=moment.at_ms)
    told = {"box": None, "task": task.id, "why": task.reason, "signed": [task.first_by, moment.name]}
    event = Event("destroyed", specimen.id, told=told)
    return change(books, moment, [after], [event], rows=[done, *picks], answer={"signatures": 2})


ACTS = (
    Act("bank_ask_destruction", AskDestruction, ask_destruction),
    Act("bank_sign_destruction", SignDestruction, sign_destruction),
)
