"""JSON Schema of ``plan.json``."""

from typing import Any

from oncopolis.evidence import Row
from oncopolis.foundation import Finding

Schema = dict[str, Any]

NUMBER: Schema = {"type": "number"}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
YEAR: Schema = {"type": "integer"}


def to_plan_schema() -> Schema:
    """Return the JSON Schema of the plan document, draft 2020-12.

    Every table row about a figure carries ``figure``, the key under ``figures`` that explains it. Money is in
    US dollars of ``project.currency.price_year``; areas in m2; series follow ``years``.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:oncopolis:plan:1",
        "title": "Plan of a comprehensive cancer centre",
        **_object(
            schema={"const": "oncopolis.plan/1"},
            project=_project(),
            settings=_object(draws=YEAR, seed=YEAR, set=_map(TEXT)),
            years=_list(YEAR),
            reference_year=YEAR,
            headlines=_list(TEXT),
            figures=_map(_figure()),
            demand=_demand(),
            workload=_workload(),
            equipment=_equipment(),
            staff=_list(_role()),
            rooms=_rooms(),
            money=_maybe(_money()),
            biobank=_maybe(_biobank()),
            uncertainty=_uncertainty(),
            findings=_list(Finding.model_json_schema()),
            overrides=_list(_override()),
            unsigned_headlines=_list(TEXT),
            evidence_used=_map({"$ref": "#/$defs/Row"}),
            sources=_map(TEXT),
        ),
        "$defs": _definitions(),
    }


def _definitions() -> Schema:
    row = Row.model_json_schema(ref_template="#/$defs/{model}")
    inner = row.pop("$defs", {})
    return {"Row": row, **inner}


def _object(**fields: Schema) -> Schema:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _map(item: Schema) -> Schema:
    return {"type": "object", "additionalProperties": item}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _line(**more: Schema) -> Schema:
    """Row of a table about one figure."""
    return _object(id=TEXT, label=TEXT, low=_maybe(NUMBER), high=_maybe(NUMBER), figure=TEXT, **more)


def _project() -> Schema:
    opening = _object(id=TEXT, label=TEXT, year=YEAR, sized_for=YEAR, exists=FLAG, departments=_list(TEXT))
    return _object(
        name=TEXT,
        about=TEXT,
        country=TEXT,
        practice=_object(id=TEXT, label=TEXT, choices=_map(TEXT)),
        currency=_object(code=TEXT, price_year=YEAR, per_usd=_maybe(NUMBER)),
        base_year=_maybe(YEAR),
        first=YEAR,
        last=YEAR,
        openings=_list(opening),
        languages=_list(TEXT),
    )


def _figure() -> Schema:
    return _object(
        label=TEXT,
        unit=TEXT,
        year=_maybe(YEAR),
        value=NUMBER,
        low=_maybe(NUMBER),
        high=_maybe(NUMBER),
        series=_maybe(_list(NUMBER)),
        formula=TEXT,
        inputs=_list(TEXT),
        details=_list(_object(text=TEXT, value=NUMBER, unit=TEXT, evidence=_list(TEXT))),
        unverified=FLAG,
    )


def _demand() -> Schema:
    age = _object(year=YEAR, age_starts=_list(YEAR), female=_list(NUMBER), male=_list(NUMBER))
    by_age = _object(female=_list(NUMBER), male=_list(NUMBER))
    site = _object(
        site=TEXT,
        label=TEXT,
        new_cases=_list(NUMBER),
        cases=_list(NUMBER),
        stages=_map(_list(NUMBER)),
        by_sex_and_age=by_age,
    )
    population = _object(
        id=TEXT,
        label=TEXT,
        people=_list(NUMBER),
        registered=_maybe(NUMBER),
        estimated=_maybe(NUMBER),
        basis={"enum": ["estimate", "registry"]},
    )
    return _object(
        sites=_list(site),
        populations=_list(population),
        age=_maybe(age),
        stages=_list(_object(stage=TEXT, cases=_list(NUMBER))),
        prevalent=_list(NUMBER),
        follow_up=_list(NUMBER),
        flows=_list(_object(id=TEXT, label=TEXT, figure=TEXT, volume=_list(NUMBER))),
    )


def _workload() -> Schema:
    by_year = {"unit": TEXT, "values": _list(NUMBER)}
    return _object(
        measures=_list(_line(**by_year)),
        contacts=_line(**by_year),
        contacts_per_day=_line(**by_year),
        visits=_line(**by_year),
        bed_days=_line(**by_year),
        wards=_list(_line(**by_year)),
        patients=_list(_line(**by_year)),
        resources=_list(_line(**by_year, kind=TEXT, department=TEXT)),
        departments=_list(_object(id=TEXT, label=TEXT, contacts=_list(NUMBER))),
        activities=_list(_line(**by_year, department=TEXT)),
    )


def _equipment() -> Schema:
    resource = _line(
        kind=TEXT,
        department=TEXT,
        n=NUMBER,
        need=NUMBER,
        utilisation=_maybe(NUMBER),
        is_given=FLAG,
        by_opening=_map(NUMBER),
        norms=_list(_norm()),
    )
    item = _line(
        department=TEXT,
        frame=TEXT,
        n=NUMBER,
        by_opening=_map(NUMBER),
        price_usd=NUMBER,
        total_usd=NUMBER,
        life_years=NUMBER,
        power_kw=_maybe(NUMBER),
        weight_kg=_maybe(NUMBER),
        room=_maybe(TEXT),
        rule=TEXT,
        source=TEXT,
        unverified=FLAG,
    )
    return _object(resources=_list(resource), items=_list(item))


def _norm() -> Schema:
    """A ratio norm; ``each`` is what one serves by the norm, ``here`` what one serves in this plan."""
    return _object(label=TEXT, n=NUMBER, each=_maybe(NUMBER), here=_maybe(NUMBER))


def _role() -> Schema:
    return _line(
        group=_maybe(TEXT),
        department=TEXT,
        activity_fte=NUMBER,
        upkeep_fte=NUMBER,
        posts_fte=NUMBER,
        fte=NUMBER,
        by_opening=_map(NUMBER),
        norms=_list(_norm()),
        basis={"enum": ["activity", "norm"]},
        salary_usd=_maybe(NUMBER),
        cost_usd=_maybe(NUMBER),
        source=_maybe(TEXT),
    )


def _rooms() -> Schema:
    room = _line(
        department=TEXT, n=NUMBER, area_m2=NUMBER, net_m2=NUMBER, rule=TEXT, source=TEXT, unverified=FLAG
    )
    return _object(
        rooms=_list(room),
        departments=_list(_line(net_m2=NUMBER, gross_factor=NUMBER, gross_m2=NUMBER)),
        net_m2=NUMBER,
        department_gross_m2=NUMBER,
        building_gross_m2=NUMBER,
        building_factor=NUMBER,
        by_opening=_map(NUMBER),
    )


def _money() -> Schema:
    by_year = _object(
        years=_list(YEAR),
        capital=_list(NUMBER),
        replacement=_list(NUMBER),
        running=_list(NUMBER),
        income=_list(NUMBER),
    )
    return _object(
        capital=_list(_line(usd=NUMBER)),
        running=_list(_line(usd=NUMBER, by_year=_list(NUMBER))),
        income=_list(_line(usd=NUMBER, by_year=_list(NUMBER))),
        by_year=by_year,
        unit_costs=_list(_line(usd=NUMBER)),
    )


def _biobank() -> Schema:
    return _object(
        figures=_list(TEXT),
        donors=_list(NUMBER),
        fill=_object(years=_list(YEAR), tissues=_list(NUMBER), capacity=_list(NUMBER)),
        tanks=NUMBER,
        tank_tissues=NUMBER,
        full_year=_maybe(YEAR),
    )


def _uncertainty() -> Schema:
    bar = _object(
        evidence=TEXT, label=TEXT, low_value=NUMBER, high_value=NUMBER, at_low=NUMBER, at_high=NUMBER
    )
    return _object(
        draws=YEAR,
        seed=YEAR,
        interval=_maybe(_list(NUMBER)),
        headlines=_map(_object(value=NUMBER, low=NUMBER, high=NUMBER, quantiles=_map(NUMBER))),
        tornado=_map(_list(bar)),
    )


def _override() -> Schema:
    return _object(
        key=TEXT,
        label=TEXT,
        unit=TEXT,
        before=NUMBER,
        after=NUMBER,
        source=TEXT,
        signed_by=_list(TEXT),
        where=TEXT,
    )
