"""Citizens' pages: write a letter, ask by query code. Shows only what may be public."""
