"""Make the country figures of the package from the producers' tables.

Usage: ``python tools/make_geography.py FOLDER`` where FOLDER holds the tables named in `TABLES`.
Writes ``src/oncopolis/centre/geography/data/*.csv``, each with its sources and terms at the top.
`DATA_NOTICE.md` beside them explains the method.
"""

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geography_method import (
    BAND,
    BASE_YEAR,
    STARTS,
    WORLD_STANDARD,
    YEARS,
    mask_sex,
    project,
    rake,
    tilt,
)
from oncopolis.centre.geography.sites import SEXES, find_site_by_code, list_sites

Floats = NDArray[np.float64]
Key = tuple[str, str]

OUT = Path(__file__).parents[1] / "src" / "oncopolis" / "centre" / "geography" / "data"

PLANNED = ("UZB", "RUS", "KOR", "KAZ", "AUS")
"""Countries with population and age rates."""
OTHERS = (
    *("GBR", "KGZ", "TJK", "TKM", "HUN", "CYP"),
    # Middle-income countries of Rosenblatt et al. 2018, as recalled.
    *("CRI", "GHA", "MYS", "PHL", "ROU", "SRB", "SVN", "TUN", "URY"),
)
COUNTRIES = tuple(sorted((*PLANNED, *OTHERS)))
DIRAC_NAMES = {"RUS": "Russia", "KOR": "South Korea", "GBR": "United Kingdom"}
DONORS = {"UZB": "RUS", "KAZ": "RUS", "RUS": "RUS", "AUS": "GBR"}
"""Country -> the European country whose ages by sex it borrows for the cancers of the European table."""

# Which Korean profile stands in for a site; a site absent from the left is absent from that table.
KOREAN = {
    **dict.fromkeys(
        ("lip_oral_cavity", "salivary_glands", "oropharynx", "nasopharynx", "hypopharynx"), "oral"
    ),
    **{
        site: site
        for site in ("oesophagus", "stomach", "colon", "rectum", "liver", "gallbladder", "pancreas")
    },
    **{site: site for site in ("lung", "breast", "ovary", "prostate", "kidney", "bladder", "thyroid")},
    "brain_cns": "brain/cns",
    "leukaemia": "leukemia",
    "cervix_uteri": "uterus",
    "corpus_uteri": "uterus",
    "anus": "rectum",
    "larynx": "oesophagus",
    "mesothelioma": "lung",
    "penis": "bladder",
    "hodgkin_lymphoma": "leukemia",
    "testis": "thyroid",
    **dict.fromkeys(("melanoma", "nmsc", "kaposi_sarcoma", "vulva", "vagina"), "remainder"),
    **dict.fromkeys(("non_hodgkin_lymphoma", "multiple_myeloma", "other"), "remainder"),
}
SAME_SITE = {"oral", "brain/cns", "leukemia"}
EUROPEAN = {
    "breast": "brea",
    "colon": "colo",
    "cervix_uteri": "cx",
    "liver": "liv",
    "lung": "lun",
    "stomach": "stm",
}
BY_AGE = {"lip_oral_cavity": "lip_oral_cavity", "colon": "colon", "rectum": "rectum"}

IARC = (
    "GLOBOCAN 2022 (v1.1), Cancer Today, International Agency for Research on Cancer, Lyon 2024 "
    "(Ferlay et al.; Bray et al., CA Cancer J Clin 2024;74:229-263)"
)
IARC_TERMS = "IARC: non-commercial use with attribution. Only the countries needed are given."
WPP24 = "United Nations DESA, World Population Prospects 2024, medium variant"
WPP19 = "United Nations DESA, World Population Prospects 2019, medium variant"
WPP_TERMS = "CC BY 3.0 IGO."
KOSIS = "Statistics Korea (KOSIS), Ministry of Health and Welfare, Cancer Registration Statistics 2018"
DIRAC = "IAEA Directory of Radiotherapy Centres (DIRAC), country totals, 2025"
TOMORROW = "IARC Cancer Tomorrow, release 2024 (code 40)"

TABLES = {
    "incidence": "globocan2022_incidence_both_sexes.csv",
    "mortality": "globocan2022_mortality_both_sexes.csv",
    "by_age": "globocan2022_by_age_country_colon_rectum_crc_oral.csv",
    "europe": "globocan2022_europe_by_age_sex_7cancers.csv",
    "korea": "korea2018_incidence_rate_by_age_sex_site.csv",
    "population": "wpp2024_population_2022_by_age_sex.csv",
    "totals": "wpp2024_total_population_projection_2024_2050_thousands.csv",
    "shares": "wpp2019_population_projection_by_age_sex_2025_2050.csv",
    "dirac": "dirac2025_by_country.csv",
    "tomorrow": "gco_tomorrow_release2024_selected.csv",
}


class Tables:
    """The producers' tables, read on demand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """Yield the rows of one table."""
        with (self.folder / TABLES[name]).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def to_band(age: int) -> int:
    """Return the band an age falls in; the last is open."""
    return min(age // BAND, len(STARTS) - 1)


def read_population(tables: Tables) -> dict[str, Floats]:
    """Return iso3 -> persons in the base year, shape (sex, age)."""
    people: dict[str, Floats] = {}
    for row in tables.rows("population"):
        table = people.setdefault(row["iso3"], np.zeros((2, len(STARTS))))
        for sex, name in enumerate(SEXES):
            table[sex, to_band(int(row["age_start"]))] += float(row[name])
    return people


def read_shares(tables: Tables, iso3: str) -> dict[int, Floats]:
    """Return year -> persons of the 2019 revision, shape (sex, age)."""
    people: dict[int, Floats] = {}
    for row in tables.rows("shares"):
        if row["iso3"] == iso3:
            table = people.setdefault(int(row["year"]), np.zeros((2, len(STARTS))))
            for sex, name in enumerate(SEXES):
                table[sex, to_band(int(row["age_start"]))] += 1000 * float(row[f"{name}_thousands"])
    return people


def read_totals(tables: Tables, iso3: str) -> dict[int, float]:
    """Return year -> total persons of the 2024 revision."""
    row = next(row for row in tables.rows("totals") if row["iso3"] == iso3)
    return {int(year): 1000 * float(value) for year, value in row.items() if year.isdigit()}


def read_korea(tables: Tables) -> dict[str, Floats]:
    """Return Korean profile -> rates per 100,000, shape (sex, age): means of the single years of age."""
    sums: dict[str, Floats] = {}
    counts = np.zeros(len(STARTS))
    for row in tables.rows("korea"):
        band = to_band(int(row["age"]))
        if row["site"] == "oral":
            counts[band] += 1
        table = sums.setdefault(row["site"], np.zeros((2, len(STARTS))))
        for sex, name in enumerate(SEXES):
            table[sex, band] += float(row[f"rate_{name}_per_100k"])
    return {site: table / counts for site, table in sums.items()}


def read_europe(tables: Tables, iso3: str) -> tuple[dict[str, Floats], Floats]:
    """Return cancer -> cases, shape (sex, age), and the population of that table."""
    cases: dict[str, Floats] = {}
    people = np.zeros((2, len(STARTS)))
    for row in tables.rows("europe"):
        if row["iso3"] != iso3 or row["age_group"] == "total":
            continue
        sex, band = SEXES.index(row["sex"]), to_band(int(row["age_group"].split("_")[0]))
        cases.setdefault(row["cancer"], np.zeros((2, len(STARTS))))[sex, band] = float(row["cases"])
        people[sex, band] = float(row["population"])
    return cases, people


def read_by_age(tables: Tables, iso3: str) -> dict[str, Floats]:
    """Return site -> cases of both sexes, shape (age,)."""
    cases: dict[str, Floats] = {}
    for row in tables.rows("by_age"):
        if row["iso3"] == iso3 and row["site"] in BY_AGE.values():
            table = cases.setdefault(row["site"], np.zeros(len(STARTS)))
            table[to_band(int(row["age_start"]))] += float(row["cases"])
    return cases


def read_sites(tables: Tables, name: str) -> dict[Key, dict[str, str]]:
    """Return (iso3, site or aggregate) -> number, asr_world and crude rate, with `other` added."""
    table: dict[Key, dict[str, str]] = {}
    for row in tables.rows(name):
        site = find_site_by_code(int(row["cancer_code"]))
        if row["iso3"] in COUNTRIES and site is not None:
            table[row["iso3"], site.id] = row
    parts = [site.id for site in list_sites() if site.id not in {"other", "nmsc"}]
    for iso3 in COUNTRIES:
        other = int(table[iso3, "all"]["number"]) - sum(int(table[iso3, site]["number"]) for site in parts)
        if other < 0:
            raise SystemExit(f"{iso3}: {name}: sites sum to more than their total")
        table[iso3, "other"] = {"number": str(other), "asr_world": "", "crude_rate": ""}
    return table


def borrow(
    site: str, owner: str, korea: Mapping[str, Floats], donor: tuple[Mapping[str, Floats], Floats]
) -> tuple[Floats, str]:
    """Return the rates a site starts from, and where they come from."""
    cases, people = donor
    if site in EUROPEAN and cases:
        name = DONORS[owner]
        return cases[EUROPEAN[site]] / people * 100_000, f"{name} 2022"
    profile = KOREAN[site]
    same = site == profile or (profile in SAME_SITE and site in {"lip_oral_cavity", "brain_cns", "leukaemia"})
    return korea[profile], f"Korea 2018 {'' if same else 'stand-in '}{profile}".replace("  ", " ")


def make_rates(
    tables: Tables, owner: str, people: Floats, table: Mapping[Key, dict[str, str]]
) -> tuple[Floats, list[str]]:
    """Return age rates of a planned country, shape (site, sex, age), scaled to its cases, and their basis."""
    korea = read_korea(tables)
    donor = read_europe(tables, DONORS[owner]) if owner in DONORS else ({}, people)
    own_ages = read_by_age(tables, owner)
    rates = np.zeros((len(list_sites()), 2, len(STARTS)))
    basis: list[str] = []
    for i, site in enumerate(list_sites()):
        profile, source = borrow(site.id, owner, korea, donor)
        profile = mask_sex(profile, site.sex)
        own = source == f"{owner} 2022"
        if site.id in own_ages and not own:
            expected = profile * people
            share = np.divide(
                expected,
                expected.sum(axis=0),
                out=people / people.sum(axis=0),
                where=expected.sum(axis=0) > 0,
            )
            profile = own_ages[site.id] * share / people * 100_000
            source = f"own ages 2022, sexes by {source}"
        elif not own:
            profile = tilt(profile, people, table[owner, site.id])
            source += ", tilted to own ASR" if table[owner, site.id]["asr_world"] else ""
        scale = float(table[owner, site.id]["number"]) / (profile * people).sum() * 100_000
        rates[i] = profile * scale
        basis.append(source)
    if DONORS.get(owner) == owner:
        fit_rest(rates, people, donor[0], basis)
    return rates, basis


def fit_rest(rates: Floats, people: Floats, cases: Mapping[str, Floats], basis: list[str]) -> None:
    """Fit the borrowed sites, in place, to the age and sex of all cancers less the sites that are known."""
    names = [site.id for site in list_sites()]
    rest = [i for i, site in enumerate(names) if site not in EUROPEAN and site != "nmsc"]
    target = cases["allC"] - sum(cases[code] for code in EUROPEAN.values())
    rates[rest] = rake(rates[rest], people, target)
    for i in rest:
        basis[i] += ", fitted to own all-cancer ages"


def write(name: str, notes: Sequence[str], header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one file of the package, its sources on top."""
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / name).open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"# {note}\n" for note in (*notes, "Made by tools/make_geography.py."))
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_countries(tables: Tables, people: Mapping[str, Floats], names: Mapping[str, str]) -> None:
    """Write names, population and machines."""
    machines = {row["country"]: row for row in tables.rows("dirac")}
    rows = []
    for iso3 in COUNTRIES:
        found = machines.get(DIRAC_NAMES.get(iso3, names[iso3]))
        columns = ("centres", "mv_units", "proton_ion_units", "brachy_units", "last_update_median")
        counts = [f"{float(found[column]):g}" if found else "" for column in columns]
        rows.append((iso3, names[iso3], BASE_YEAR, round(people[iso3].sum()), *counts))
    header = ("iso3", "name", "base_year", "population", "rt_centres", "mv_units", "particle_units")
    notes = (
        f"Population: {WPP24}. {WPP_TERMS}",
        f"Machines: {DIRAC}. Facts cited; no facility entries are given.",
    )
    write("countries.csv", notes, (*header, "brachytherapy_units", "last_update"), rows)


def write_sites(name: str, what: str, table: Mapping[Key, Mapping[str, str]]) -> None:
    """Write cases or deaths by site."""
    order = [site.id for site in list_sites()] + ["colorectum", "all"]
    notes = (
        f"{what}: {IARC}. {IARC_TERMS}",
        "number: persons a year. asr_world, crude_rate: per 100,000; of one sex where only one has the site.",
        "other = all less every site but nmsc (derived). colorectum = colon + rectum + anus: never add it.",
        "all = all cancers without non-melanoma skin cancer (code 40).",
    )
    rows = (
        (
            iso3,
            site,
            table[iso3, site]["number"],
            table[iso3, site]["asr_world"],
            table[iso3, site]["crude_rate"],
        )
        for iso3 in COUNTRIES
        for site in order
    )
    write(name, notes, ("iso3", "site", "number", "asr_world", "crude_rate"), rows)


def write_population(tables: Tables, people: Mapping[str, Floats]) -> None:
    """Write the projected population of the planned countries."""
    rows = []
    for iso3 in PLANNED:
        projected = project(people[iso3], read_shares(tables, iso3), read_totals(tables, iso3))
        rows += [
            (iso3, year, sex, *(round(value) for value in projected[year][i]))
            for year in YEARS
            for i, sex in enumerate(SEXES)
        ]
    notes = (
        f"{BASE_YEAR}: {WPP24}. {WPP_TERMS}",
        f"Later years are derived: the {BASE_YEAR} population aged with the cohort change ratios of {WPP19};",
        f"those born after {BASE_YEAR} make up the difference to the total of {WPP24}. Persons at mid-year.",
    )
    write("population.csv", notes, ("iso3", "year", "sex", *(f"age_{start}" for start in STARTS)), rows)


def write_rates(tables: Tables, people: Mapping[str, Floats], table: Mapping[Key, dict[str, str]]) -> None:
    """Write age rates of the planned countries and the reference."""
    rows: list[tuple[object, ...]] = []
    korea = read_korea(tables)
    reference = [mask_sex(korea[KOREAN[site.id]], site.sex) for site in list_sites()]
    bases = [borrow(site.id, "", korea, ({}, people["KOR"]))[1] for site in list_sites()]
    owners = {"reference": (np.array(reference), bases)}
    owners |= {iso3: make_rates(tables, iso3, people[iso3], table) for iso3 in PLANNED}
    for owner, (rates, basis) in owners.items():
        for i, site in enumerate(list_sites()):
            for sex, name in enumerate(SEXES):
                if site.sex in ("both", name):
                    rows.append(
                        (owner, site.id, name, basis[i], *(f"{value:.4g}" for value in rates[i, sex]))
                    )
    notes = (
        "New cases per 100,000 person-years by site, sex and age (first year of a band). Derived.",
        f"Cases and ages of {BASE_YEAR}: {IARC}. {IARC_TERMS}",
        f"Ages in Korea: {KOSIS}. Open data with attribution.",
        "basis: whose age pattern it is. Stand-in: no pattern of the site at hand. Method: DATA_NOTICE.md.",
    )
    write("age_rates.csv", notes, ("owner", "site", "sex", "basis", *(f"age_{s}" for s in STARTS)), rows)


def write_checks(tables: Tables) -> None:
    """Write other people's projections, for checks, and the world standard population."""
    rows = [
        (row["iso3"], year, int(row[f"all40_{year}"]))
        for row in tables.rows("tomorrow")
        if row["iso3"] in COUNTRIES
        for year in (2024, 2030, 2040, 2050)
    ]
    # Growth of codes 39+40 together, applied to code 40: the table of Russia itself was not seen.
    rows += [("RUS", 2030, round(1.054 * 614275)), ("RUS", 2050, round(1.127 * 614275))]
    notes = (
        f"{TOMORROW}. Facts cited, for checks only; never an input of a plan.",
        "RUS: derived: growth of codes 39 and 40 together (1.054, 1.127) on the cases of 2022.",
    )
    write("projected_cases.csv", notes, ("iso3", "year", "cases"), sorted(rows))
    source = (
        "World standard population (Segi 1960, modified by Doll 1966), as IARC has it. Weights in thousands.",
    )
    write("world_standard.csv", source, ("age_start", "weight"), zip(STARTS, WORLD_STANDARD, strict=True))


def main(folder: str) -> None:
    """Write every file."""
    tables = Tables(Path(folder))
    people = read_population(tables)
    incidence = read_sites(tables, "incidence")
    names = {row["iso3"]: row["country"] for row in tables.rows("incidence")}
    write_countries(tables, people, names | {"KOR": "Republic of Korea", "GBR": "United Kingdom"})
    write_sites("incidence.csv", "New cases", incidence)
    write_sites("mortality.csv", "Cancer deaths", read_sites(tables, "mortality"))
    write_population(tables, people)
    write_rates(tables, people, incidence)
    write_checks(tables)


if __name__ == "__main__":
    if len(sys.argv) != 1 + 1:
        raise SystemExit(__doc__)
    main(sys.argv[1])
