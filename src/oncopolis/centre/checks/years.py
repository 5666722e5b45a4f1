"""Years of a definition must fit together, and lie where there are figures."""

from collections.abc import Iterator

from oncopolis.centre.definition import Centre
from oncopolis.centre.geography import get_country, list_countries
from oncopolis.foundation import InputError, Located
from oncopolis.foundation.located import Segments


def check_years(centre: Centre, located: Located) -> Iterator[InputError]:
    """Yield openings that lie outside the plan or come twice, and a plan that outlasts the projections."""
    last = centre.horizon.last
    for i, opening in enumerate(centre.openings):
        if opening.year > last:
            yield InputError(
                code="CEN-015",
                where=located.where(("openings", i, "year")),
                got=f"an opening in {opening.year}",
                expected=f"a year of the plan, which ends in {last}",
                fix="open it earlier, or move `horizon: last`",
            )
        if opening.id in [earlier.id for earlier in centre.openings[:i]]:
            yield InputError(
                code="CEN-016",
                where=located.where(("openings", i, "id")),
                got=f"the opening {opening.id!r} a second time",
                expected="each opening once",
                fix="rename one",
            )
    yield from _check_catchment(centre, located)


def _find_last(centre: Centre) -> Segments:
    """Path of the year that ends what is computed."""
    years = {opening.sized_for: i for i, opening in enumerate(centre.openings)}
    beyond = centre.last_year > centre.horizon.last
    return ("openings", years[centre.last_year], "sized_for") if beyond else ("horizon", "last")


def _check_catchment(centre: Centre, located: Located) -> Iterator[InputError]:
    catchment = centre.catchment
    if catchment is None:
        return
    if catchment.base_year > centre.horizon.last:
        yield InputError(
            code="CEN-017",
            where=located.where(("catchment", "base_year")),
            got=f"figures of {catchment.base_year}",
            expected=f"figures from before the plan ends in {centre.horizon.last}",
            fix="correct the base year or the horizon",
        )
    for key, population in catchment.populations.items():
        if population.population is not None or population.country not in list_countries():
            continue
        projected = int(get_country(population.country).population_years[-1])
        if centre.last_year > projected:
            yield InputError(
                code="CEN-018",
                where=located.where(_find_last(centre)),
                got=f"a plan to {centre.last_year}",
                expected=f"years up to {projected}, to which the population of {key!r} is projected",
                fix="end it earlier, or give a longer projection as `population: {file: ..., format: wpp}`",
            )
