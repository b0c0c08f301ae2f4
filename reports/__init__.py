"""考核: a unit's score sheet, computed from the same clocks, printed with its definitions, frozen for each period."""
