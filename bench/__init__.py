"""Our contracts beside their peers: one anvil, one run, whole-transaction gas.

`__main__` measures, through `groups/` on `chain`; `measured.json` keeps what it found. `pages`
makes docs/bench.* of that, of `recorded.json` and of `floors`.
"""
