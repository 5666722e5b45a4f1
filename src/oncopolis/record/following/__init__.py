"""Who wants to be told of changes, and being told: subscriptions of FHIR R4."""

from oncopolis.record.following.following import NOTICE, Following
from oncopolis.record.following.subscribing import Channel, Subscribed, read_subscription

__all__ = ["NOTICE", "Channel", "Following", "Subscribed", "read_subscription"]
