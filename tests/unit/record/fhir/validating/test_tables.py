"""The tables are what the scripts make of HL7's packages."""

import gzip
import json
from importlib.resources import files

from tests.unit.record.fhir.examples import find_package
from tests.unit.record.fhir.validating.mcode import find_package as find_mcode

import make_fhir_rules
import make_mcode_definitions
from make_fhir_definitions import read_package, read_provenance


def test_the_tables_are_what_the_scripts_make_of_the_packages() -> None:
    folder = files("oncopolis.record.fhir.validating")
    base = read_package(find_package())
    rules = make_fhir_rules.make_rules(base, provenance=read_provenance(find_package()))
    assert make_fhir_rules.to_lines(rules) == (folder / "rules.json").read_text("utf-8")
    profiles = make_mcode_definitions.make_table(
        read_package(find_mcode()), base, provenance=read_provenance(find_mcode())
    )
    packed = (folder / "mcode.json.gz").read_bytes()
    assert json.loads(gzip.decompress(packed)) == profiles
    assert packed[4:8] == bytes(4), "a time of writing"
