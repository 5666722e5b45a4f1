"""The sections of the live centre: where they are, what they are called, and whose they are."""

from typing import Final, NamedTuple

from oncopolis.foundation.marking import mark

IN_QUEUES: Final = ("call", "check_in", "start", "finish")
AT_RECEPTION: Final = ("register", "correct")
TO_BOOK: Final = ("book", "offer")
ON_WARDS: Final = ("admit", "reserve_bed", "cleaned")
AT_BEDS: Final = ("note_signs", "finish_task")
OF_UNITS: Final = ("report_down", "report_up", "check_machine", "calibrate")
OF_THINGS: Final = ("use_thing", "add_thing")
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
OF_READINGS: Final = ("bank_readings",)
IN_BIOBANK: Final = ("bank_place", "bank_freeze", "bank_divide", "bank_review")
TO_SCAN_IN: Final = ("bank_accession",)
TO_MOVE: Final = ("bank_place", "bank_move_container", "bank_hold")
TO_CONSENT: Final = ("bank_consent", "bank_form")
TO_COLLECT: Final = ("bank_collect",)
OF_REQUESTS: Final = ("bank_request", "bank_decide_request", "bank_select")
OF_SHIPMENTS: Final = ("bank_ship", "bank_receive")
TO_WITHDRAW: Final = ("bank_withdraw",)
TO_EMPTY: Final = ("bank_begin_evacuation",)
TO_IMPORT: Final = ("bank_import",)
OF_QUALITY: Final = ("bank_evidence", "bank_nonconformity", "bank_close_nonconformity")
IN_COMMAND: Final = ("take_alarm",)
AT_BOARDS: Final = ("put_on_agenda", "decide_case")
TO_PEOPLE: Final = (*AT_RECEPTION, *TO_BOOK, *IN_QUEUES)
OF_DIAGNOSES: Final = ("record_diagnosis", "stage_tumour")
OF_SUMMARIES: Final = ("draft_summary", "give_summary")

PATIENTS, CARE, UNITS, CAMPUS, OFFICE = (
    mark("Patients"), mark("Care"), mark("Clinical units"), mark("Campus"), mark("Office"),
)  # fmt: skip


class Section(NamedTuple):
    """An entry of the navigation, for those who may do one of these acts."""

    path: str
    label: str
    acts: tuple[str, ...]
    group: str
    """What it is folded under for who has many."""


SECTIONS: Final = (
    Section("/live", mark("Centre"), IN_QUEUES, PATIENTS),
    Section("/live/reception", mark("Reception"), AT_RECEPTION, PATIENTS),
    Section("/live/waiting", mark("Waiting list"), TO_BOOK, PATIENTS),
    Section("/live/journeys", mark("Pages of patients"), WITH_PAGES, PATIENTS),
    Section("/live/courses", mark("Courses"), IN_COURSES, CARE),
    Section("/live/orders", mark("Orders"), OF_ORDERS, CARE),
    Section("/live/results", mark("Results"), OF_RESULTS, CARE),
    Section("/live/board", mark("Tumour board"), AT_BOARDS, CARE),
    Section("/live/shared", mark("Shared cases"), ("give_opinion",), CARE),
    Section("/live/partners", mark("Partner centres"), ("add_partner",), CARE),
    Section("/live/wards", mark("Wards"), ON_WARDS, UNITS),
    Section("/live/charges", mark("Charges"), ("make_claims",), OFFICE),
    Section("/live/notifications", mark("Notifications"), ("notify_registry",), OFFICE),
    Section("/live/theatre", mark("Theatres"), IN_THEATRES, UNITS),
    Section("/live/radiotherapy", mark("Radiotherapy"), AT_MACHINES, UNITS),
    Section("/live/infusion", mark("Day unit"), IN_DAY_UNIT, UNITS),
    Section("/live/scan", mark("Scan"), TO_SCAN, UNITS),
    Section("/live/stopped", mark("Stopped and parked"), OF_STOPPED, UNITS),
    Section("/live/command", mark("Command centre"), IN_COMMAND, CAMPUS),
    Section("/live/tanks", mark("Tanks"), OF_TANKS, CAMPUS),
    Section("/live/biobank", mark("Biobank"), IN_BIOBANK, CAMPUS),
    Section("/live/biobank/requests", mark("Requests for specimens"), OF_REQUESTS, CAMPUS),
    Section("/live/biobank/withdrawals", mark("Withdrawal of consent"), TO_WITHDRAW, CAMPUS),
    Section("/live/units", mark("Machines and rooms"), OF_UNITS, CAMPUS),
    Section("/live/things", mark("Things"), OF_THINGS, CAMPUS),
    Section("/live/staff", mark("Staff"), OF_STAFF, OFFICE),
)
