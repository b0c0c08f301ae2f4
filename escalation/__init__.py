"""Running clocks, the sweep, notices and their delivery. A clock does not know what it times: it carries a subject."""
