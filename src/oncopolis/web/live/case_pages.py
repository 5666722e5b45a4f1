"""The pages about a case: its diagnoses and what follows from them."""

from typing import Final

from oncopolis.web.live import charges, diagnoses, notifications, shared, sharing, summaries
from oncopolis.web.live.routing import LivePage
from oncopolis.web.live.sections import OF_DIAGNOSES, OF_SUMMARIES

OF_CHARGES: Final = ("reverse_charge", "make_claims")
TO_SHARE: Final = ("share_case", "withdraw_share")
OF_PARTNERS: Final = ("add_partner",)
BY_PARTNERS: Final = ("give_opinion",)
TO_NOTIFY: Final = ("notify_registry",)

CASE_PAGES: Final = (
    LivePage("GET", diagnoses.PATH, OF_DIAGNOSES, diagnoses.show_diagnoses),
    LivePage("GET", summaries.LIST, OF_SUMMARIES, summaries.show_stays),
    LivePage("GET", summaries.PATH, OF_SUMMARIES, summaries.show_summary),
    LivePage("GET", charges.PATH, OF_CHARGES, charges.show_charges),
    LivePage("GET", charges.FILE, OF_CHARGES, charges.give_claims),
    LivePage("GET", notifications.PATH, TO_NOTIFY, notifications.show_notifications),
    LivePage("GET", notifications.FILE, TO_NOTIFY, notifications.give_row),
    LivePage("GET", sharing.PATH, TO_SHARE, sharing.show_share),
    LivePage("GET", sharing.PARTNERS, OF_PARTNERS, sharing.show_partners),
    LivePage("POST", f"{sharing.PARTNERS}/{{id}}/invite", OF_PARTNERS, sharing.take_invitation),
    LivePage("GET", shared.LIST, BY_PARTNERS, shared.show_list),
    LivePage("GET", shared.ONE, BY_PARTNERS, shared.show_one),
    LivePage("GET", f"{shared.ONE}/bundle.json", BY_PARTNERS, shared.give_bundle),
    LivePage("GET", f"{shared.ONE}/documents/{{place}}", BY_PARTNERS, shared.give_document),
)
