"""Every page of staff, with the acts whose doers may open it."""

from typing import Final

from oncopolis.web.live import (
    boards,
    courses,
    details,
    documents,
    home,
    labels,
    orders,
    persons,
    plans,
    queues,
    reception,
    scanning,
    staff,
    stopped,
    theatres,
    units,
    waiting,
    wards,
)
from oncopolis.web.live.documents import FORM_BYTES
from oncopolis.web.live.doing import take_act
from oncopolis.web.live.home import FIRST
from oncopolis.web.live.routing import LivePage
from oncopolis.web.live.sections import (
    AT_BOARDS,
    AT_RECEPTION,
    IN_COURSES,
    IN_QUEUES,
    IN_THEATRES,
    OF_ORDERS,
    OF_STAFF,
    OF_STOPPED,
    OF_UNITS,
    ON_WARDS,
    TO_BOOK,
    TO_SCAN,
)

COURSE: Final = "/live/courses/{id}"

PAGES: Final = (
    LivePage("GET", FIRST, (), home.lead_in),
    LivePage("GET", "/live", IN_QUEUES, home.show_home),
    LivePage("GET", "/live/areas/{area}", IN_QUEUES, queues.show_queue),
    LivePage("GET", "/live/areas/{area}/list", IN_QUEUES, queues.show_list),
    LivePage("GET", "/live/reception", AT_RECEPTION, reception.show_reception),
    LivePage("POST", "/live/reception", ("register",), reception.take_registration),
    LivePage("GET", "/live/people/{id}", (*AT_RECEPTION, *TO_BOOK, *IN_QUEUES), persons.show_person),
    LivePage("GET", "/live/people/{id}/details", ("correct", "identify"), details.show_details),
    LivePage("POST", "/live/people/{id}/details", ("correct", "identify"), details.take_details),
    LivePage("POST", "/live/people/{id}/unmerge", ("unmerge",), details.take_unmerge),
    LivePage("POST", "/live/people/{id}/trip", ("book_trip",), persons.take_trip),
    LivePage("GET", "/live/waiting", TO_BOOK, waiting.show_waiting),
    LivePage("GET", "/live/wards", ON_WARDS, wards.show_wards),
    LivePage("GET", "/live/wards/{ward}", ON_WARDS, wards.show_ward),
    LivePage("GET", "/live/theatre", IN_THEATRES, theatres.show_theatres),
    LivePage("GET", "/live/theatre/{id}", IN_THEATRES, theatres.show_case),
    LivePage("POST", "/live/theatre/{id}/checks", ("check_team",), theatres.take_check),
    LivePage("GET", "/live/scan", TO_SCAN, scanning.show_scan),
    LivePage("GET", "/live/scan/{act}", TO_SCAN, scanning.show_scan),
    LivePage("POST", "/live/scan/{act}", TO_SCAN, scanning.take_scan),
    LivePage("GET", "/live/stopped", OF_STOPPED, stopped.show_stopped),
    LivePage("GET", "/live/labels/patient/{id}", TO_SCAN, labels.show_band),
    LivePage("GET", "/live/labels/place/{id}", TO_SCAN, labels.show_place),
    LivePage("GET", "/live/units", OF_UNITS, units.show_units),
    LivePage("GET", staff.STAFF, OF_STAFF, staff.show_staff),
    LivePage("GET", f"{staff.STAFF}/{{id}}", OF_STAFF, staff.show_member),
    LivePage("POST", f"{staff.STAFF}/{{id}}", OF_STAFF, staff.take_member),
    LivePage("GET", "/live/orders", OF_ORDERS, orders.show_orders),
    LivePage("GET", "/live/courses", IN_COURSES, courses.show_courses),
    LivePage("POST", "/live/courses", ("start_course",), persons.take_course),
    LivePage("GET", COURSE, IN_COURSES, courses.show_course),
    LivePage("GET", f"{COURSE}/plan", ("propose_course",), plans.show_plan),
    LivePage("POST", f"{COURSE}/plan", ("confirm_course",), plans.take_plan),
    LivePage("POST", f"{COURSE}/documents", ("attach_document",), documents.take_document, FORM_BYTES),
    LivePage("GET", "/live/documents/{id}", IN_COURSES, documents.open_document),
    LivePage("GET", "/live/board", AT_BOARDS, boards.show_board),
    LivePage("POST", "/live/board", ("decide_case",), boards.take_decision),
    LivePage("POST", "/live/acts/{name}", (), take_act),
)
