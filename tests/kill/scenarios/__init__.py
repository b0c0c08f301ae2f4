"""What else can go wrong, each a function of its own size: small in the suite, large in `run.py kill-test --scenario`.

A scenario gets the address of a server database ("" for SQLite) and an empty folder, and hands back what it counted.
"""

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What was counted; every entry of `faults` must be 0."""

    figures: dict[str, object] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)

    @property
    def bad(self) -> dict[str, int]:
        return {name: count for name, count in self.faults.items() if count}
