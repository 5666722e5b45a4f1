"""The live server: the FHIR API of the record, its start from a definition and its worker processes."""
