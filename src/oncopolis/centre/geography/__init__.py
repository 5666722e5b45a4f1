"""Where patients come from: cancer sites and the packaged figures of countries."""

from oncopolis.centre.geography.country import (
    Country,
    Machines,
    get_age_starts,
    get_country,
    get_reference_rates,
    get_world_standard,
    list_countries,
)
from oncopolis.centre.geography.sites import (
    SEXES,
    Label,
    Site,
    find_site_by_code,
    find_site_by_icd10,
    find_site_by_name,
    get_site,
    get_site_index,
    list_aggregates,
    list_site_ids,
    list_sites,
)

__all__ = [
    "SEXES",
    "Country",
    "Label",
    "Machines",
    "Site",
    "find_site_by_code",
    "find_site_by_icd10",
    "find_site_by_name",
    "get_age_starts",
    "get_country",
    "get_reference_rates",
    "get_site",
    "get_site_index",
    "get_world_standard",
    "list_aggregates",
    "list_countries",
    "list_site_ids",
    "list_sites",
]
