"""The biobank as MIABIS tells it: Core 3, Sample, Donor and Event, by the profiles of MIABIS on FHIR."""
