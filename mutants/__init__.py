"""Mutants: small wrong versions of the contracts, each of which a test must notice.

operators   what can be wrong, from the compiler's annotated tree
weaving     many mutants in one build, of which at most one is awake
batch       the tests of one build, and a fork of them for each mutant
subjects    which sources are mutated, and which tests judge them
results     what is known, committed in mutants/results, and whether it still holds
report      docs/audit/mutants.md
"""
