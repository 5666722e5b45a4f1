"""Statutory notifications: the diagnoses a registry has to be told of, until when, and what came back."""

from oncopolis.operations.notifications.acts import ACTS
from oncopolis.operations.notifications.deadlines import Deadline, find_deadline
from oncopolis.operations.notifications.noting import note_diagnoses
from oncopolis.operations.notifications.views import Notification

VIEWS = (Notification,)
"""Kinds of views on the floor."""

__all__ = ["ACTS", "VIEWS", "Deadline", "Notification", "find_deadline", "note_diagnoses"]
