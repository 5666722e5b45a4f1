"""JSON Schema of ``twin.json``."""

from oncopolis.foundation import Finding
from oncopolis.foundation.shapes import (
    DRAFT,
    FLAG,
    NUMBER,
    TEXT,
    WHOLE,
    Schema,
    list_of,
    map_of,
    maybe,
    object_of,
)
from oncopolis.twin.document.turnout import DEVIATIONS

SCHEMA = "oncopolis.twin/1"
"""Name and version of the form of ``twin.json``."""

_GAPPY: Schema = list_of(maybe(NUMBER))
_DATE: Schema = {"type": "string", "description": "Date, ISO 8601."}


def to_twin_schema() -> Schema:
    """Return the JSON Schema of the twin's document, draft 2020-12.

    An estimate is the mean over replications with the ends of its interval at ``run.level``; these are null
    with one replication, and so is the value where nothing was observed. Counts are those of a replication
    over ``run.days``; waits and visits are in minutes, time in pathways and to treatment in days.
    """
    return {
        "$schema": DRAFT,
        "$id": "urn:oncopolis:twin:1",
        "title": "A run of the twin of a centre",
        **object_of(
            schema={"const": SCHEMA},
            project=object_of(
                name=TEXT,
                about=TEXT,
                country=TEXT,
                practice=object_of(id=TEXT, label=TEXT, choices=map_of(TEXT)),
            ),
            run=_run(),
            headlines=list_of(TEXT),
            figures=map_of(
                object_of(label=TEXT, unit=TEXT, value=NUMBER, low=maybe(NUMBER), high=maybe(NUMBER))
            ),
            arrivals=list_of(object_of(id=TEXT, label=TEXT, n=_estimate())),
            measures=list_of(object_of(id=TEXT, label=TEXT, n=_estimate())),
            flow=_told("People, summed over replications.", map_of(WHOLE)),
            waits=_waits(),
            visits=object_of(unit=TEXT, departments=list_of(_times())),
            in_system=object_of(unit=TEXT, pathways=list_of(_times())),
            treatment=_treatment(),
            turnout=_turnout(),
            resources=list_of(_resource()),
            week=_week(),
            census=_census(),
            queues=_queues(),
            targets=list_of(_target()),
            checks=list_of(object_of(id=TEXT, left=NUMBER, right=NUMBER, unit=TEXT, held=FLAG)),
            bottlenecks=_told(
                "Resources by the time waited because of them, the longest first.", list_of(TEXT)
            ),
            findings=list_of(Finding.model_json_schema()),
            not_modelled=list_of(TEXT),
            stress=_told(
                "The STRESS-DES checklist of Monks et al. (2019).",
                list_of(object_of(title=TEXT, items=list_of(object_of(id=TEXT, title=TEXT, text=TEXT)))),
            ),
            campus=_campus(),
            day=maybe(_day()),
            processes=_told(
                "Pathways on which most was done, the busiest first; empty without an event log.",
                list_of(_process()),
            ),
        ),
    }


def _told(description: str, schema: Schema) -> Schema:
    return {"description": description, **schema}


def _estimate() -> Schema:
    return object_of(value=maybe(NUMBER), low=maybe(NUMBER), high=maybe(NUMBER))


def _times(**more: Schema) -> Schema:
    return object_of(
        id=TEXT,
        label=TEXT,
        n=NUMBER,
        mean=_estimate(),
        median=_estimate(),
        p90=_estimate(),
        longest=NUMBER,
        total_hours=NUMBER,
        **more,
    )


def _run() -> Schema:
    replication = object_of(
        replication=WHOLE,
        seed=WHOLE,
        digest=TEXT,
        days=WHOLE,
        complete=FLAG,
        events=WHOLE,
        contacts=WHOLE,
        visits=WHOLE,
    )
    return object_of(
        start=_told("First day counted, ISO 8601.", TEXT),
        days=_told("Days counted, the warm-up left out.", WHOLE),
        warmup_days=WHOLE,
        working_days=WHOLE,
        seed=WHOLE,
        definition=_told("Digest of everything that went in.", TEXT),
        complete=FLAG,
        level=_told("Confidence of all intervals; null with one replication.", maybe(NUMBER)),
        set=map_of(TEXT),
        from_record=_told(
            "Who was there on the first day by a live centre's record; else null.", _beginning()
        ),
        replications=list_of(replication),
    )


def _beginning() -> Schema:
    return maybe(
        object_of(
            day=_DATE,
            people=WHOLE,
            in_beds=WHOLE,
            booked=_told("Those who have an appointment ahead.", WHOLE),
            pathways=list_of(object_of(id=TEXT, label=TEXT, n=WHOLE)),
        )
    )


def _waits() -> Schema:
    return object_of(
        unit=TEXT,
        all=maybe(_times()),
        activities=list_of(_times(department=TEXT)),
        steps=list_of(_times(pathway=TEXT)),
        pathways=list_of(_times()),
        hours=_told(
            "Mean wait and activities begun by department and hour of the day.",
            list_of(object_of(id=TEXT, label=TEXT, mean=_GAPPY, n=_GAPPY)),
        ),
    )


def _treatment() -> Schema:
    line = _times(
        curve=_told("Share treated by day 0, 1, 2 …", _GAPPY),
        target=_told("Days that the target allows.", maybe(NUMBER)),
        within=_estimate(),
    )
    return object_of(unit=TEXT, lines=list_of(line))


def _turnout() -> Schema:
    counts = {field: _estimate() for field in ("done", *DEVIATIONS)}
    return object_of(
        all=object_of(**counts),
        operations_off=_told(
            "Operations not done when they were to be: cancelled, not come to, given up or put off; null "
            "without operations.",
            maybe(_estimate()),
        ),
        activities=list_of(object_of(id=TEXT, label=TEXT, **counts)),
        steps=list_of(object_of(id=TEXT, label=TEXT, **counts, pathway=TEXT)),
    )


def _resource() -> Schema:
    return object_of(
        id=TEXT,
        label=TEXT,
        kind=TEXT,
        department=TEXT,
        most=_told("Most units there at half past any hour of the week.", NUMBER),
        utilisation=_told("Time held over open time.", _estimate()),
        offered_hours=_estimate(),
        held_hours=_estimate(),
        overtime_hours=_estimate(),
        blocked_hours=_told("Held by somebody who waits for something else.", _estimate()),
        down_hours=_estimate(),
        waited_hours=_told("Waited by those for whom it was the first that was short.", _estimate()),
        breakdowns=_estimate(),
        interrupted=_estimate(),
        share_of_waiting=_estimate(),
        most_waiting=WHOLE,
    )


def _week() -> Schema:
    series = object_of(utilisation=_GAPPY, held=_GAPPY, offered=_GAPPY, waiting=_GAPPY)
    return _told(
        "What was held, there and waited for at half past each hour of the week from Monday midnight, by "
        "resource: means over the weeks of the run of one moment each, not over the hour.",
        map_of(series),
    )


def _census() -> Schema:
    ward = object_of(
        id=TEXT,
        label=TEXT,
        department=TEXT,
        mean=_GAPPY,
        p95=_told("Over replications; null with one.", maybe(_GAPPY)),
        offered=_GAPPY,
        overall=_told("Over days.", object_of(mean=_estimate(), p95=_estimate(), most=NUMBER)),
    )
    return object_of(unit=TEXT, wards=list_of(ward))


def _target() -> Schema:
    return object_of(
        id=TEXT,
        label=TEXT,
        of={"enum": ["wait", "treatment", "utilisation", "refused"]},
        at=maybe(TEXT),
        within_min=maybe(NUMBER),
        share=NUMBER,
        reached=_estimate(),
        held=_told("Null where nothing was observed.", maybe(FLAG)),
    )


def _queues() -> Schema:
    judged = maybe(object_of(days=WHOLE, has_settled=FLAG))
    return object_of(
        unit=TEXT,
        mean=_told("People waiting for anything, mean of each day.", _GAPPY),
        p95=_told("Over replications; null with one.", maybe(_GAPPY)),
        warming=_told(
            "Days counted that MSER-5 would leave out as warm-up, judged by the people waiting and by the "
            "beds taken, and whether they lie in the first half of the run; null below 50 days, and without "
            "beds.",
            object_of(people_waiting=judged, beds=judged),
        ),
    )


def _campus() -> Schema:
    return object_of(
        buildings=list_of(object_of(id=TEXT, label=TEXT, departments=list_of(TEXT))),
        walks=list_of(object_of(between=list_of(TEXT), minutes=NUMBER)),
        departments=list_of(object_of(id=TEXT, label=TEXT)),
    )


def _day() -> Schema:
    by_quarter = list_of(_GAPPY)
    return object_of(
        date=_DATE,
        departments=list_of(TEXT),
        quarter_hours=WHOLE,
        present=_told(
            "Mean people by department and quarter of an hour, those who wait among them.", by_quarter
        ),
        waiting=by_quarter,
    )


def _process() -> Schema:
    edge = {"from": TEXT, "to": TEXT, "n": WHOLE, "median_min": NUMBER}
    return object_of(
        pathway=TEXT,
        label=TEXT,
        people=_told("Who had anything done on it, in the first replication.", WHOLE),
        activities=_told(
            "Those that most people had: how many people, how often.",
            list_of(object_of(id=TEXT, label=TEXT, people=WHOLE, n=WHOLE)),
        ),
        edges=_told(
            "What followed what, the other activities passed over; an empty id stands for nothing before, "
            "or nothing after, in this run.",
            list_of(object_of(**edge)),
        ),
    )
