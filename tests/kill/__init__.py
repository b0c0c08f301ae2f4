"""Kill web, sweeps and deliverers again and again; afterwards nothing accepted may be lost, no notice doubled.

`python -m tests.kill --kills 200 [--database URL] [--seed N] [--broken BUILD]`: on SQLite, and on PostgreSQL when a
server is given. `--controls` runs the broken builds; `--scenario NAME` one of the scenarios; `--list` names them.
"""
