"""The sections of the live centre: where they are, what they are called, and whose they are."""

from typing import Final, NamedTuple

from oncopolis.foundation.marking import mark

IN_QUEUES: Final = ("call", "check_in", "start", "finish")
AT_RECEPTION: Final = ("register", "correct")
TO_BOOK: Final = ("book", "offer")
ON_WARDS: Final = ("admit", "reserve_bed", "cleaned")
AT_BEDS: Final = ("note_signs", "finish_task")
OF_UNITS: Final = ("report_down", "report_up")
OF_ORDERS: Final = ("order", "take", "acknowledge")
OF_RESULTS: Final = ("result", "take", "acknowledge", "match_report")
IN_COURSES: Final = ("start_course", "finish_step", "decide_branch", "confirm_course")
WITH_PAGES: Final = ("ask_form",)
OF_STAFF: Final = ("hold_posts",)
AT_MACHINES: Final = ("start", "finish")
IN_THEATRES: Final = ("send_for", "enter_theatre", "check_team")
IN_DAY_UNIT: Final = ("seat", "start_infusion", "confirm_treatment", "prepare_bag", "release_bag")
TO_SCAN: Final = ("verify_place", "give_blood", "enter_theatre")
OF_STOPPED: Final = ("override_check", "confirm_override", "settle_check", "settle_parked")
OF_TANKS: Final = ("bank_own_alarm", "bank_put_off_alarm", "bank_drill")
IN_BIOBANK: Final = ("bank_place", "bank_freeze", "bank_divide", "bank_review")
TO_SCAN_IN: Final = ("bank_accession",)
OF_REQUESTS: Final = ("bank_request", "bank_decide_request", "bank_select")
TO_IMPORT: Final = ("bank_import",)
OF_QUALITY: Final = ("bank_evidence", "bank_nonconformity", "bank_close_nonconformity")
IN_COMMAND: Final = ("take_alarm",)
AT_BOARDS: Final = ("put_on_agenda", "decide_case")


class Section(NamedTuple):
    """An entry of the navigation, for those who may do one of these acts."""

    path: str
    label: str
    acts: tuple[str, ...]


SECTIONS: Final = (
    Section("/live", mark("Centre"), IN_QUEUES),
    Section("/live/reception", mark("Reception"), AT_RECEPTION),
    Section("/live/waiting", mark("Waiting list"), TO_BOOK),
    Section("/live/journeys", mark("Pages of patients"), WITH_PAGES),
    Section("/live/courses", mark("Courses"), IN_COURSES),
    Section("/live/orders", mark("Orders"), OF_ORDERS),
    Section("/live/results", mark("Results"), OF_RESULTS),
    Section("/live/board", mark("Tumour board"), AT_BOARDS),
    Section("/live/shared", mark("Shared cases"), ("give_opinion",)),
    Section("/live/partners", mark("Partner centres"), ("add_partner",)),
    Section("/live/wards", mark("Wards"), ON_WARDS),
    Section("/live/charges", mark("Charges"), ("make_claims",)),
    Section("/live/notifications", mark("Notifications"), ("notify_registry",)),
    Section("/live/theatre", mark("Theatres"), IN_THEATRES),
    Section("/live/radiotherapy", mark("Radiotherapy"), AT_MACHINES),
    Section("/live/infusion", mark("Day unit"), IN_DAY_UNIT),
    Section("/live/scan", mark("Scan"), TO_SCAN),
    Section("/live/stopped", mark("Stopped and parked"), OF_STOPPED),
    Section("/live/command", mark("Command centre"), IN_COMMAND),
    Section("/live/tanks", mark("Tanks"), OF_TANKS),
    Section("/live/biobank", mark("Biobank"), IN_BIOBANK),
    Section("/live/biobank/requests", mark("Requests for specimens"), OF_REQUESTS),
    Section("/live/units", mark("Machines and rooms"), OF_UNITS),
    Section("/live/staff", mark("Staff"), OF_STAFF),
)
