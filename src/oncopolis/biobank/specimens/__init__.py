"""What specimens are: collected, divided, frozen, measured, reviewed, and told in FHIR."""
