"""The pages about a case: its diagnoses and what follows from them."""

from typing import Final

from oncopolis.web.live import diagnoses
from oncopolis.web.live.routing import LivePage

OF_DIAGNOSES: Final = ("record_diagnosis", "stage_tumour")

CASE_PAGES: Final = (LivePage("GET", diagnoses.PATH, OF_DIAGNOSES, diagnoses.show_diagnoses),)
