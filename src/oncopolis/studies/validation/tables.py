"""Published tables that are arithmetic: their figures are recomputed from their own inputs."""

from collections.abc import Iterator

from oncopolis.studies.validation.check import Check, Published

COUNTRIES = ("afghanistan", "malawi", "chad", "somalia", "guinea", "benin", "burundi")
STAFF_2050 = (
    ("mv_units_2050", "radiotherapy.courses_per_unit_year"),
    ("radiation_oncologists_2050", "staff.norm.radiation_oncologist"),
    ("medical_physicists_2050", "staff.norm.medical_physicist"),
    ("radiation_therapists_2050", "staff.norm.radiation_therapist"),
)
"""Published count, and the norm our plans use for it."""


def list_table_checks(published: Published) -> Iterator[Check]:
    """Yield every check that needs no model."""
    yield from list_zhu_2050(published)
    yield from list_countries_without_rt(published)
    yield from list_physicians(published)
    yield from list_datta(published)
    yield from list_oman(published)
    get = published.get
    per_unit = get("validation.atun.cases_2035") / get("validation.atun.mv_units_2035")
    yield published.compare("atun.cases_per_unit", "validation.atun.cases_per_unit", per_unit)


def list_zhu_2050(published: Published) -> Iterator[Check]:
    """Yield machines and staff of 2050 out of its patients, by the norms of our own plans."""
    patients = published.get("validation.zhu.patients_2050")
    for name, norm in STAFF_2050:
        ours = patients / published.get(norm)
        yield published.compare(
            f"zhu2024.{name}",
            f"validation.zhu.{name}",
            ours,
            tolerance="validation.tolerance.exact",
            cause=[norm],
        )
    ours = published.get("validation.zhu.cases_2050") * published.get("validation.zhu.use_share")
    yield published.compare(
        "zhu2024.patients_2050",
        "validation.zhu.patients_2050",
        ours,
        tolerance="validation.tolerance.zhu_units",
        cause=["validation.zhu.use_share"],
    )


def list_countries_without_rt(published: Published) -> Iterator[Check]:
    """Yield the need of seven countries: half of the cases, a quarter more courses."""
    own = "validation.countries_without_rt"
    factor = published.get(f"{own}.use_share") * published.get(f"{own}.retreatment")
    for country in COUNTRIES:
        ours = published.get(f"{own}.cases.{country}") * factor
        yield published.compare(f"countries_without_rt.{country}", f"{own}.need.{country}", ours)


def list_physicians(published: Published) -> Iterator[Check]:
    """Yield physicians for chemotherapy: patients over 150."""
    per_physician = published.get("validation.wilson.patients_per_physician")
    for year in ("2018", "2040"):
        ours = published.get(f"validation.wilson.patients_{year}") / per_physician
        yield published.compare(
            f"wilson2019.physicians_{year}",
            f"validation.wilson.physicians_{year}",
            ours,
            why="the quotient is exact; what is printed is rounded to thousands",
        )


def list_datta(published: Published) -> Iterator[Check]:
    """Yield staff per machine missing in 84 countries."""
    units = published.get("validation.datta.units")
    for name, ratio in (
        ("radiation_oncologists", "oncologists"),
        ("medical_physicists", "physicists"),
        ("radiation_therapists", "therapists"),
    ):
        ours = published.get(f"validation.datta.{name}") / units
        yield published.compare(f"datta2014.{ratio}_per_unit", f"validation.datta.{ratio}_per_unit", ours)


def list_oman(published: Published) -> Iterator[Check]:
    """Yield the worked example of Oman step by step, and with retreatment counted in fractions."""
    own, get = "validation.oman", published.get
    fractions = get(f"{own}.fractions")
    per_linac = get(f"{own}.fractions_per_hour") * get(f"{own}.hours_per_day") * get(f"{own}.days_per_year")
    with_courses = fractions * get("validation.countries_without_rt.retreatment")
    with_fractions = fractions * get("validation.retreatment.fractions")
    yield published.compare("oman.fractions_per_linac", f"{own}.fractions_per_linac", per_linac)
    yield published.compare(
        "oman.fractions_with_retreatment", f"{own}.fractions_with_retreatment", with_courses
    )
    yield published.compare("oman.linacs", f"{own}.linacs", with_courses / per_linac)
    yield published.compare(
        "oman.linacs_fraction_retreatment", f"{own}.linacs_fraction_retreatment", with_fractions / per_linac
    )
    yield published.skip(
        "oman.fractions",
        f"{own}.fractions",
        "the example's table of cases by site was not opened, so its fractions are taken as given",
    )
