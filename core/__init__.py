"""The ground floor: database, people, units, roles, facts, sealed fields and web helpers. Knows no domain word."""
