"""Running clocks, the sweep, notices and their delivery. A clock carries a subject, not knowing what it is."""
