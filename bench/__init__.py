"""Measurements: they print ratios and assert nothing, because a busy machine is not a fault."""
