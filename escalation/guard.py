"""The machine's own clock is not trusted blindly: one that jumps would write hundreds of false notices.

Inside one boot the wall clock must advance like the time since boot; after a restart it must not have gone back, nor
ahead by more than a fortnight. A held sweep issues nothing until a person confirms the time (`flask clock confirm`).
Sleep, a stopped process or a server that was off for days are no jumps: the time since boot counts them, or the gap is
small enough.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import facts
from core.people import Actor
from escalation.models import ClockMark

TOLERANCE = timedelta(seconds=120)
LONGEST_OFF = timedelta(days=14)
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Instant:
    """The wall clock beside what cannot be set: the boot this machine is in and the seconds since it."""

    wall: datetime
    boot: str
    since_boot: float


def read_clock(wall: datetime) -> Instant:
    """What the kernel knows; on a system without it only the wall clock is compared."""
    boot = BOOT_ID.read_text().strip() if BOOT_ID.exists() else ""
    return Instant(wall, boot, time.clock_gettime(time.CLOCK_BOOTTIME) if boot else 0.0)


def doubt(last: Instant | None, this: Instant) -> str:
    """Why the time cannot be believed, in Chinese; empty when it can."""
    if last is None:
        return ""
    passed = this.wall - last.wall
    if this.boot and this.boot == last.boot:
        real = timedelta(seconds=this.since_boot - last.since_boot)
        if abs(passed - real) > TOLERANCE:
            return f"系统时间跳变：上次检查以来实际过去{_words(real)}，时钟却走了{_words(passed)}"
        return ""
    if passed < -TOLERANCE:
        return f"系统重启后时间倒退了{_words(-passed)}"
    if passed > LONGEST_OFF:
        return f"系统重启后时间跳前了{_words(passed)}"
    return ""


def _words(span: timedelta) -> str:
    seconds = span.total_seconds()
    sign, seconds = ("负", -seconds) if seconds < 0 else ("", seconds)
    if seconds >= 86400:
        return f"{sign}{seconds / 86400:.1f}天"
    return f"{sign}{seconds / 60:.0f}分钟"


def check(session: Session, host: str, this: Instant) -> str:
    """Compare with this host's last mark and remember the new one; a doubt stays until it is confirmed."""
    mark = session.get(ClockMark, host, with_for_update=True)
    if mark is not None and mark.held:
        return mark.held
    last = Instant(mark.wall, mark.boot, mark.since_boot) if mark else None
    held = doubt(last, this)
    if mark is None:
        mark = ClockMark(host=host)
        session.add(mark)
    if held:
        mark.held = held
    else:
        mark.wall, mark.boot, mark.since_boot, mark.held = this.wall, this.boot, this.since_boot, ""
    return held


def held(session: Session) -> list[str]:
    """The doubts that stop sweeps now, for the desk and for health checks."""
    return list(session.scalars(select(ClockMark.held).where(ClockMark.held != "")))


def confirm(session: Session, host: str, this: Instant, *, by: Actor, at: datetime) -> bool:
    """A person vouches for the time; sweeps of this host go on. False when nothing was held."""
    mark = session.get(ClockMark, host, with_for_update=True)
    if mark is None or not mark.held:
        return False
    entry = facts.Entry("clock:confirm_time", f"host:{host}", by, at, before={"held": mark.held})
    mark.wall, mark.boot, mark.since_boot, mark.held = this.wall, this.boot, this.since_boot, ""
    facts.record(session, entry)
    return True
