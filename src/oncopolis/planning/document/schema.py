"""JSON Schema of ``plan.json``."""

from oncopolis.evidence import Row
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


def to_plan_schema() -> Schema:
    """Return the JSON Schema of the plan document, draft 2020-12.

    ``holds`` is there only in a plan that was tested in the twin.

    Every table row about a figure carries ``figure``, the key under ``figures`` that explains it. Money is in
    US dollars of ``project.currency.price_year``; areas in m2; series follow ``years``.
    """
    plan = object_of(
        schema={"const": "oncopolis.plan/1"},
        project=_project(),
        settings=object_of(draws=WHOLE, seed=WHOLE, set=map_of(TEXT)),
        years=list_of(WHOLE),
        reference_year=WHOLE,
        headlines=list_of(TEXT),
        figures=map_of(_figure()),
        demand=_demand(),
        workload=_workload(),
        equipment=_equipment(),
        staff=list_of(_role()),
        rooms=_rooms(),
        money=maybe(_money()),
        biobank=maybe(_biobank()),
        uncertainty=_uncertainty(),
        findings=list_of(Finding.model_json_schema()),
        overrides=list_of(_override()),
        unsigned_headlines=list_of(TEXT),
        evidence_used=map_of({"$ref": "#/$defs/Row"}),
        sources=map_of(TEXT),
    )
    plan["properties"]["holds"] = _holds()
    return {
        "$schema": DRAFT,
        "$id": "urn:oncopolis:plan:1",
        "title": "Plan of a comprehensive cancer centre",
        **plan,
        "$defs": _definitions(),
    }


def _holds() -> Schema:
    """Whether the plan holds in its first years; only there if the twin was asked."""
    target = object_of(
        id=TEXT,
        label=TEXT,
        share=NUMBER,
        is_floor=FLAG,
        reached=list_of(maybe(NUMBER)),
        held=list_of(maybe(FLAG)),
        breaks=list_of(WHOLE),
    )
    fix = object_of(
        year=WHOLE,
        added=list_of(object_of(id=TEXT, label=TEXT, n=WHOLE)),
        mends=list_of(TEXT),
        leaves=list_of(TEXT),
        usd_per_year=maybe(NUMBER),
        usd_at_once=NUMBER,
        tried=WHOLE,
    )
    return object_of(
        years=list_of(WHOLE),
        replications=WHOLE,
        seed=WHOLE,
        targets=list_of(target),
        bottlenecks=list_of(object_of(id=TEXT, label=TEXT, year=WHOLE)),
        fix=maybe(fix),
        not_modelled=list_of(TEXT),
    )


def _definitions() -> Schema:
    row = Row.model_json_schema(ref_template="#/$defs/{model}")
    inner = row.pop("$defs", {})
    return {"Row": row, **inner}


def _line(**more: Schema) -> Schema:
    """Row of a table about one figure."""
    return object_of(id=TEXT, label=TEXT, low=maybe(NUMBER), high=maybe(NUMBER), figure=TEXT, **more)


def _project() -> Schema:
    opening = object_of(
        id=TEXT, label=TEXT, year=WHOLE, sized_for=WHOLE, exists=FLAG, departments=list_of(TEXT)
    )
    return object_of(
        name=TEXT,
        about=TEXT,
        country=TEXT,
        practice=object_of(id=TEXT, label=TEXT, choices=map_of(TEXT)),
        currency=object_of(code=TEXT, price_year=WHOLE, per_usd=maybe(NUMBER)),
        base_year=maybe(WHOLE),
        first=WHOLE,
        last=WHOLE,
        openings=list_of(opening),
        languages=list_of(TEXT),
    )


def _figure() -> Schema:
    return object_of(
        label=TEXT,
        unit=TEXT,
        year=maybe(WHOLE),
        value=NUMBER,
        low=maybe(NUMBER),
        high=maybe(NUMBER),
        series=maybe(list_of(NUMBER)),
        formula=TEXT,
        inputs=list_of(TEXT),
        details=list_of(object_of(text=TEXT, value=NUMBER, unit=TEXT, evidence=list_of(TEXT))),
        unverified=FLAG,
    )


def _demand() -> Schema:
    age = object_of(year=WHOLE, age_starts=list_of(WHOLE), female=list_of(NUMBER), male=list_of(NUMBER))
    by_age = object_of(female=list_of(NUMBER), male=list_of(NUMBER))
    site = object_of(
        site=TEXT,
        label=TEXT,
        new_cases=list_of(NUMBER),
        cases=list_of(NUMBER),
        stages=map_of(list_of(NUMBER)),
        by_sex_and_age=by_age,
    )
    population = object_of(
        id=TEXT,
        label=TEXT,
        people=list_of(NUMBER),
        registered=maybe(NUMBER),
        estimated=maybe(NUMBER),
        basis={"enum": ["estimate", "registry"]},
    )
    return object_of(
        sites=list_of(site),
        populations=list_of(population),
        age=maybe(age),
        stages=list_of(object_of(stage=TEXT, cases=list_of(NUMBER))),
        prevalent=list_of(NUMBER),
        follow_up=list_of(NUMBER),
        flows=list_of(object_of(id=TEXT, label=TEXT, figure=TEXT, volume=list_of(NUMBER))),
    )


def _workload() -> Schema:
    by_year = {"unit": TEXT, "values": list_of(NUMBER)}
    return object_of(
        measures=list_of(_line(**by_year)),
        contacts=_line(**by_year),
        contacts_per_day=_line(**by_year),
        visits=_line(**by_year),
        bed_days=_line(**by_year),
        wards=list_of(_line(**by_year)),
        patients=list_of(_line(**by_year)),
        resources=list_of(_line(**by_year, kind=TEXT, department=TEXT)),
        departments=list_of(object_of(id=TEXT, label=TEXT, contacts=list_of(NUMBER))),
        activities=list_of(_line(**by_year, department=TEXT)),
    )


def _equipment() -> Schema:
    resource = _line(
        kind=TEXT,
        department=TEXT,
        n=NUMBER,
        need=NUMBER,
        utilisation=maybe(NUMBER),
        is_given=FLAG,
        by_opening=map_of(NUMBER),
        norms=list_of(_norm()),
    )
    item = _line(
        department=TEXT,
        frame=TEXT,
        n=NUMBER,
        by_opening=map_of(NUMBER),
        price_usd=NUMBER,
        total_usd=NUMBER,
        life_years=NUMBER,
        power_kw=maybe(NUMBER),
        weight_kg=maybe(NUMBER),
        room=maybe(TEXT),
        rule=TEXT,
        source=TEXT,
        unverified=FLAG,
    )
    return object_of(resources=list_of(resource), items=list_of(item))


def _norm() -> Schema:
    """A ratio norm; ``each`` is what one serves by the norm, ``here`` what one serves in this plan."""
    return object_of(label=TEXT, n=NUMBER, each=maybe(NUMBER), here=maybe(NUMBER))


def _role() -> Schema:
    return _line(
        group=maybe(TEXT),
        department=TEXT,
        activity_fte=NUMBER,
        upkeep_fte=NUMBER,
        posts_fte=NUMBER,
        fte=NUMBER,
        by_opening=map_of(NUMBER),
        norms=list_of(_norm()),
        basis={"enum": ["activity", "norm"]},
        salary_usd=maybe(NUMBER),
        cost_usd=maybe(NUMBER),
        source=maybe(TEXT),
    )


def _rooms() -> Schema:
    room = _line(
        department=TEXT, n=NUMBER, area_m2=NUMBER, net_m2=NUMBER, rule=TEXT, source=TEXT, unverified=FLAG
    )
    return object_of(
        rooms=list_of(room),
        departments=list_of(_line(net_m2=NUMBER, gross_factor=NUMBER, gross_m2=NUMBER)),
        net_m2=NUMBER,
        department_gross_m2=NUMBER,
        building_gross_m2=NUMBER,
        building_factor=NUMBER,
        by_opening=map_of(NUMBER),
    )


def _money() -> Schema:
    by_year = object_of(
        years=list_of(WHOLE),
        capital=list_of(NUMBER),
        replacement=list_of(NUMBER),
        running=list_of(NUMBER),
        income=list_of(NUMBER),
    )
    return object_of(
        capital=list_of(_line(usd=NUMBER)),
        running=list_of(_line(usd=NUMBER, by_year=list_of(NUMBER))),
        income=list_of(_line(usd=NUMBER, by_year=list_of(NUMBER))),
        by_year=by_year,
        unit_costs=list_of(_line(usd=NUMBER)),
    )


def _biobank() -> Schema:
    return object_of(
        figures=list_of(TEXT),
        donors=list_of(NUMBER),
        fill=object_of(years=list_of(WHOLE), tissues=list_of(NUMBER), capacity=list_of(NUMBER)),
        tanks=NUMBER,
        tank_tissues=NUMBER,
        full_year=maybe(WHOLE),
    )


def _uncertainty() -> Schema:
    bar = object_of(
        evidence=TEXT, label=TEXT, low_value=NUMBER, high_value=NUMBER, at_low=NUMBER, at_high=NUMBER
    )
    return object_of(
        draws=WHOLE,
        seed=WHOLE,
        interval=maybe(list_of(NUMBER)),
        headlines=map_of(object_of(value=NUMBER, low=NUMBER, high=NUMBER, quantiles=map_of(NUMBER))),
        tornado=map_of(list_of(bar)),
    )


def _override() -> Schema:
    return object_of(
        key=TEXT,
        label=TEXT,
        unit=TEXT,
        before=NUMBER,
        after=NUMBER,
        source=TEXT,
        signed_by=list_of(TEXT),
        where=TEXT,
    )
