"""Kill web, sweeps and deliverers again and again; afterwards nothing accepted may be lost, no notice doubled.

`python -m tests.kill --kills 200 [--database URL] [--seed N] [--broken BUILD | --controls]`: on SQLite, and on
PostgreSQL when a server is given. `--scenario NAME` runs something else that can go wrong, `--scenario all` all of it.
"""
