"""Names and rules of how resources are there and people wait: shifts, overflow, giving up, targets."""

from collections.abc import Collection, Iterator

from oncopolis.centre.checks.asking import Asker
from oncopolis.centre.definition import Centre
from oncopolis.centre.pathway import Step
from oncopolis.foundation import InputError
from oncopolis.foundation.located import Segments


def check_service(centre: Centre, asker: Asker) -> Iterator[InputError]:
    """Yield names that point nowhere, overflow in circles, and ways for those who can never give up."""
    calendars = {*centre.calendars, *centre.get_practice().calendars}
    for key, flow in centre.flows.items():
        if flow.calendar:
            yield from asker.ask(flow.calendar, calendars, "calendar", ("flows", key, "calendar"))
    yield from _check_resources(centre, calendars, asker)
    yield from _check_steps(centre, asker)
    yield from _check_targets(centre, asker)


def _check_resources(centre: Centre, calendars: Collection[str], asker: Asker) -> Iterator[InputError]:
    for key, resource in centre.resources.items():
        path: Segments = ("resources", key)
        for i, shift in enumerate(resource.shifts):
            yield from asker.ask(shift.calendar, calendars, "calendar", (*path, "shifts", i, "calendar"))
        if resource.overflow:
            yield from asker.ask(resource.overflow, centre.resources, "resource", (*path, "overflow"))
        if key in _list_overflows(centre, key):
            yield InputError(
                code="CEN-026",
                where=asker.located.where((*path, "overflow")),
                got=f"overflow that leads back to {key!r}",
                expected="a last resource that has none",
                fix="take one `overflow` out",
            )


def _list_overflows(centre: Centre, key: str) -> list[str]:
    """Return the resources taken when `key` is full, in order, up to the first that comes again."""
    found: list[str] = []
    resource = centre.resources.get(key)
    while resource and resource.overflow and resource.overflow not in found:
        found.append(resource.overflow)
        resource = centre.resources.get(resource.overflow)
    return found


def _check_steps(centre: Centre, asker: Asker) -> Iterator[InputError]:
    for section, parts in (("pathways", centre.pathways), ("blocks", centre.blocks)):
        for key, part in parts.items():
            for i, step in enumerate(part.steps):
                where = asker.located.where((section, key, "steps", i, "gives_up"))
                yield from _check_giving_up(centre, step, where)


def _check_giving_up(centre: Centre, step: Step, where: str) -> Iterator[InputError]:
    if step.gives_up and step.patience is None and not _is_turned_away(centre, step):
        yield InputError(
            code="CEN-027",
            where=where,
            got=f"`gives_up` of {step.id!r}, where everybody waits for ever",
            expected="`patience` beside it, or a resource of the step with `waiting`",
            fix="say how long they wait, or take `gives_up` out",
        )
    if step.gives_up == step.id:
        yield InputError(
            code="CEN-028",
            where=where,
            got=f"the step {step.id!r} itself, to be tried again at once and for ever",
            expected="another step",
            fix="lead to a step that comes back here after some time (`after`)",
        )


def _is_turned_away(centre: Centre, step: Step) -> bool:
    """Whether something the step holds, or what is done in its place, has a queue that can be full."""
    waiting = [task if isinstance(task, str) else task.activity for task in step.do]
    seen: set[str] = set()
    while waiting:
        key = waiting.pop()
        activity = centre.activities.get(key)
        if activity is None or key in seen:
            continue
        seen.add(key)
        waiting += [activity.fallback] if activity.fallback else []
        held = (centre.resources.get(name) for phase in activity.phases for name in phase.hold)
        if any(resource is not None and resource.waiting is not None for resource in held):
            return True
    return False


def _check_targets(centre: Centre, asker: Asker) -> Iterator[InputError]:
    known: dict[str, Collection[str]] = {
        "activity": centre.activities,
        "resource": centre.resources,
        "pathway": centre.pathways,
        "cohort": centre.cohorts,
    }
    for key, target in centre.targets.items():
        if target.at is not None:
            names = [f"{target.place}.{name}" for name in known[target.place]]
            yield from asker.ask(target.at, names, target.place, ("targets", key, "at"))
