"""No robot is sent more than 18 messages in any minute, however many deliverers there are: the vendors block it at 20.

The moments of the last messages are kept, not a bucket of tokens: a full bucket lets twice as many through in the
first minute. The row is locked by whoever asks, so that two deliverers ask one after the other.
"""

from datetime import datetime, timedelta

from escalation.route_models import OutboxTarget

PER_MINUTE = 18
MINUTE = timedelta(minutes=1)


def take_slot(place: OutboxTarget, at: datetime) -> datetime | None:
    """None: a message may go now, and that is written down. Otherwise the moment at which one may."""
    moments = sorted(datetime.fromisoformat(text) for text in place.recent.split())
    recent = [
        moment for moment in moments if abs(at - moment) < MINUTE
    ]  # of a clock that was set back, not later ones
    if len(recent) >= PER_MINUTE:
        return recent[-PER_MINUTE] + MINUTE
    place.recent = " ".join(moment.isoformat() for moment in [*recent, at])
    return None
