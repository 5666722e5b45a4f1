"""Steps and answers of a course as activities of its CarePlan."""

from datetime import date
from typing import Any, Final

from oncopolis.operations.booking.views import Window
from oncopolis.operations.courses.trail import (
    WHOLE,
    Choice,
    Done,
    Mark,
    MarkStatus,
    Variance,
)
from oncopolis.operations.elements import (
    PREFIX,
    add_extensions,
    extend,
    find_code,
    find_extended,
    get_referred,
    list_extended,
    make_concept,
    make_reference,
    to_instant,
    to_ms,
)
from oncopolis.operations.views import Record

_STATUSES: Final[dict[MarkStatus, str]] = {
    "done": "completed",
    "skipped": "cancelled",
    "replaced": "stopped",
    "stopped": "stopped",
}
_WHOLE_TEXT = "-"


def write_mark(mark: Mark) -> Record:
    """Return the activity of a step."""
    begun = "in-progress" if mark.done else "not-started"
    detail: Record = {
        "code": make_concept("mark", mark.id, mark.label),
        "status": _STATUSES.get(mark.status, begun),
    }
    reasons = [variance.reason for variance in mark.variances if variance.reason]
    if mark.status != "done" and not mark.is_open and reasons:
        detail["statusReason"] = {"text": reasons[-1]}
    detail |= _write_window(mark.window)
    extensions = extend(
        step__Code=mark.step or None,
        target__Date=None if mark.window is None else mark.window.target.isoformat(),
        times__PositiveInt=mark.times,
        wanted__String=tuple(f"{activity}|{n}" for activity, n in mark.wanted),
        ended_as__Code=None if mark.is_open else mark.status,
        instead_of__Code=mark.instead_of or None,
        has_effect__Boolean=mark.has_effect or None,
    ) + [_write_variance(variance) for variance in mark.variances]
    record: Record = {"extension": extensions}
    if mark.documents:
        record["outcomeReference"] = [make_reference("DocumentReference", id_) for id_ in mark.documents]
    if mark.done:
        record["progress"] = [_write_done(done) for done in mark.done]
    return record | {"detail": detail}


def read_mark(activity: Record) -> Mark | None:
    """Return the step an activity is, None if it is none."""
    detail = activity.get("detail", {})
    id_ = find_code(detail.get("code", {}), "mark")
    if id_ is None:
        return None
    wanted = (str(one).rpartition("|") for one in list_extended(activity, "wanted"))
    variances = (one for one in activity["extension"] if one["url"] == PREFIX + "variance")
    return Mark(
        id=id_,
        step=find_extended(activity, "step", otherwise=""),
        label=detail["code"].get("text", ""),
        window=_read_window(detail, activity),
        times=find_extended(activity, "times"),
        wanted=tuple((name, int(n)) for name, _, n in wanted),
        status=find_extended(activity, "ended-as", otherwise="open"),
        done=tuple(_read_done(one) for one in activity.get("progress", ())),
        variances=tuple(_read_variance(one) for one in variances),
        instead_of=find_extended(activity, "instead-of", otherwise=""),
        has_effect=find_extended(activity, "has-effect", otherwise=False),
        documents=tuple(
            id_
            for one in activity.get("outcomeReference", ())
            if (id_ := get_referred(one, "DocumentReference"))
        ),
    )


def write_choice(choice: Choice) -> Record:
    """Return the activity of a question."""
    detail: Record = {
        "code": make_concept("question", f"{choice.step}|{choice.part}"),
        "status": "not-started" if choice.is_open else "completed",
    }
    if choice.reasons:
        detail["reasonCode"] = [{"text": reason} for reason in choice.reasons]
    type_, _, id_ = choice.by.partition("/")
    if id_:
        detail["performer"] = [make_reference(type_, id_)]
    detail |= _write_window(choice.window)
    extensions = extend(
        decider__Code=choice.decider or None,
        target__Date=None if choice.window is None else choice.window.target.isoformat(),
        to__Code=choice.to or None,
        missing__String=choice.missing,
        despite__String=choice.despite or None,
        role__Code=choice.role or None,
        case__Reference=make_reference("Task", choice.case) if choice.case else None,
        decided__Instant=None if choice.at_ms is None else to_instant(choice.at_ms),
        used__Boolean=choice.is_used or None,
    )
    return add_extensions({}, extensions) | {"detail": detail}


def read_choice(activity: Record) -> Choice | None:
    """Return the question an activity is, None if it is none."""
    detail = activity.get("detail", {})
    code = find_code(detail.get("code", {}), "question")
    if code is None:
        return None
    step, _, part = code.rpartition("|")
    decided = find_extended(activity, "decided")
    return Choice(
        step=step,
        part="gate" if part == "gate" else "branch",
        decider=find_extended(activity, "decider", otherwise=""),
        window=_read_window(detail, activity),
        to=find_extended(activity, "to", otherwise=""),
        reasons=tuple(one["text"] for one in detail.get("reasonCode", ())),
        missing=list_extended(activity, "missing"),
        despite=find_extended(activity, "despite", otherwise=""),
        by=next((one["reference"] for one in detail.get("performer", ())), ""),
        role=find_extended(activity, "role", otherwise=""),
        case=get_referred(find_extended(activity, "case"), "Task"),
        at_ms=None if decided is None else to_ms(decided),
        is_used=find_extended(activity, "used", otherwise=False),
    )


def _write_window(window: Window | None) -> Record:
    if window is None:
        return {}
    period = {"start": window.earliest.isoformat()}
    if window.latest is not None:
        period["end"] = window.latest.isoformat()
    return {"scheduledPeriod": period}


def _read_window(detail: Record, activity: Record) -> Window | None:
    period = detail.get("scheduledPeriod")
    if period is None:
        return None
    latest = date.fromisoformat(period["end"]) if "end" in period else None
    target = date.fromisoformat(find_extended(activity, "target"))
    return Window(date.fromisoformat(period["start"]), target, latest)


def _write_done(done: Done) -> Record:
    kind, _, id_ = done.source.partition("/")
    source = make_reference(kind, id_) if id_ else None
    extensions = extend(day__Date=done.day.isoformat(), source__Reference=source)
    text = _WHOLE_TEXT if done.activity == WHOLE else done.activity
    return {"extension": extensions, "time": to_instant(done.at_ms), "text": text}


def _read_done(annotation: Record) -> Done:
    text = annotation["text"]
    source: Any = find_extended(annotation, "source", otherwise={})
    return Done(
        to_ms(annotation["time"]),
        date.fromisoformat(find_extended(annotation, "day")),
        WHOLE if text == _WHOLE_TEXT else text,
        source.get("reference", ""),
    )


def _write_variance(variance: Variance) -> Record:
    made = extend(
        kind__Code=variance.kind,
        at__Instant=to_instant(variance.at_ms),
        reason__String=variance.reason or None,
        by__String=variance.by or None,
    )
    return {"url": PREFIX + "variance", "extension": made}


def _read_variance(extension: Record) -> Variance:
    return Variance(
        find_extended(extension, "kind"),
        to_ms(find_extended(extension, "at")),
        find_extended(extension, "reason", otherwise=""),
        find_extended(extension, "by", otherwise=""),
    )
