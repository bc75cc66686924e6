"""Which branches of the deployed bytes the tests take.

Every conditional jump of a contract's code has two ways. The tests run on the bytes that are
deployed, and of each jump is noted which ways it went. The compiler says where it comes from.

jumps       the conditional jumps of a contract, each with its place in the sources
recorder    a pytest plugin: which jumps went where, in any contract, clone or constructor
results     what was seen, committed in branches/results, and whether it still holds
report      docs/audit/coverage.md
"""
