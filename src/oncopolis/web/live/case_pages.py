"""The pages about a case: its diagnoses and what follows from them."""

from typing import Final

from oncopolis.web.live import diagnoses, summaries
from oncopolis.web.live.routing import LivePage

OF_DIAGNOSES: Final = ("record_diagnosis", "stage_tumour")
OF_SUMMARIES: Final = ("draft_summary", "give_summary")

CASE_PAGES: Final = (
    LivePage("GET", diagnoses.PATH, OF_DIAGNOSES, diagnoses.show_diagnoses),
    LivePage("GET", summaries.LIST, OF_SUMMARIES, summaries.show_stays),
    LivePage("GET", summaries.PATH, OF_SUMMARIES, summaries.show_summary),
)
