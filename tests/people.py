"""The five people of every test; the example county has the same five (inquiries/example.py)."""

from dataclasses import dataclass

from core.people import Actor


@dataclass(frozen=True)
class People:
    """operator: hotline; handler: housing; supervisor: county office; reviewer: county office; stranger: transport."""

    operator: Actor
    handler: Actor
    supervisor: Actor
    reviewer: Actor
    stranger: Actor
