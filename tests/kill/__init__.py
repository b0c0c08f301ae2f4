"""Kill web and sweeps again and again; afterwards nothing accepted may be lost and no notice doubled.

`python -m tests.kill --kills 200 [--database URL] [--seed N] [--broken BUILD]`
"""
