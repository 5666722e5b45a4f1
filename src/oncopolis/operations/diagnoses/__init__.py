"""Diagnoses and stages: what tumour somebody has, on what basis, how far it has gone, and who says so."""

from oncopolis.operations.diagnoses.acts import ACTS
from oncopolis.operations.diagnoses.reading import Tumour, list_tumours, read_records, read_tumours
from oncopolis.operations.diagnoses.staging import Staging
from oncopolis.operations.diagnoses.views import Diagnosis

__all__ = ["ACTS", "Diagnosis", "Staging", "Tumour", "list_tumours", "read_records", "read_tumours"]
