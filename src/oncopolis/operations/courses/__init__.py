"""Courses: patients on pathways, one step after another, decided by people and never drawn."""

from typing import Any

from oncopolis.operations.courses.approval import Approval
from oncopolis.operations.courses.branching import DECIDE
from oncopolis.operations.courses.changing import CHANGES
from oncopolis.operations.courses.confirming import CONFIRM
from oncopolis.operations.courses.ending import END_COURSE
from oncopolis.operations.courses.finishing import FINISHES
from oncopolis.operations.courses.following import mark_done
from oncopolis.operations.courses.posts import Post
from oncopolis.operations.courses.proposing import PROPOSE, propose
from oncopolis.operations.courses.starting import START
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.work_lists import count_work, list_work
from oncopolis.operations.deciding import Act
from oncopolis.operations.views import View

ACTS: tuple[Act[Any], ...] = (START, PROPOSE, CONFIRM, DECIDE, *CHANGES, *FINISHES, END_COURSE)
"""Everything that can be done about courses."""

VIEWS: tuple[type[View], ...] = (Approval, Post, Course)
"""Kinds of views on the floor."""

__all__ = [
    "ACTS",
    "VIEWS",
    "Approval",
    "Course",
    "Post",
    "count_work",
    "list_work",
    "mark_done",
    "propose",
]
