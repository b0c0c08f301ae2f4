"""`python -m bench [name…]`: without a name all but those that install something. Nothing here passes or fails."""

import sys
from collections.abc import Callable

from bench.deadline import deadline
from bench.delivery import delivering
from bench.helpdesk import helpdesk
from bench.pages import pages, start
from bench.recompute import moving
from bench.sweep import sweep_floor, sweep_idle
from bench.sweepers import sweepers

BENCHES: dict[str, Callable[[], None]] = {
    "deadline": deadline,
    "idle": sweep_idle,
    "notices": sweep_floor,
    "sweepers": sweepers,
    "delivery": delivering,
    "recompute": moving,
    "pages": pages,
    "start": start,
    "helpdesk": helpdesk,
}

ASKED_FOR = ("helpdesk",)  # needs the internet, and minutes


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"unknown: {' '.join(unknown)}; there are: {' '.join(BENCHES)}", file=sys.stderr)
        return 2
    for name in names or [name for name in BENCHES if name not in ASKED_FOR]:
        BENCHES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
