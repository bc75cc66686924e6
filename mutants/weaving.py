"""Many mutants in one build, of which at most one is awake.

Each is an alternative in the source, chosen by `block.prevrandao`, which no contract reads: an
expression becomes `(wrong if it is 7 else (right))`, a statement an `if`. While a build
runs, what was just pushed when the contract asks for the block is the number of a mutant: so
`batch` learns which tests come past it.
"""

import re
from collections.abc import Sequence

from mutants.operators import Mutant

AWAKE = "convert(block.prevrandao, uint256) == {number}"
MARK = re.compile(r"#@(\d+)$", re.M)  # ends what is wrong, to find it where it does not compile

# The compiler cannot choose between two where one is `empty(...)`.
EMPTY = {"empty(address)": f"0x{'00' * 20}", "empty(bytes32)": f"0x{'00' * 32}"}

Numbered = tuple[int, Mutant]


def woven(source: str, numbered: Sequence[Numbered]) -> str:
    """The source with all these mutants, also those that lie within others."""
    made = weave(source, 0, len(source), list(numbered))
    made = made.replace("# pragma optimize codesize\n", "")
    return made.replace("@pure\n", "@view\n")  # what reads the block is no longer pure


def weave(source: str, start: int, end: int, numbered: list[Numbered]) -> str:
    """Outermost first; a statement before the expression that fills it."""
    numbered.sort(key=lambda each: (each[1].start, -each[1].end, not each[1].statement))
    made, at = "", start
    while numbered:
        first = numbered[0][1]
        same = [each for each in numbered if alike(each[1], first)]
        within = [each for each in numbered if each[1].end <= first.end and each not in same]
        numbered = [each for each in numbered if each[1].end > first.end]
        text = weave(source, first.start, first.end, within)
        wrap = as_statement if first.statement else as_expression
        made += source[at : first.start]
        for number, mutant in same:
            text = wrap(source, number, mutant, text)
        made, at = made + text, first.end
    return made + source[at:end]


def alike(one: Mutant, other: Mutant) -> bool:
    return (one.start, one.end, one.statement) == (other.start, other.end, other.statement)


def as_expression(_source: str, number: int, mutant: Mutant, text: str) -> str:
    text = EMPTY.get(text, text)
    return f"(({mutant.new}) #@{number}\nif {AWAKE.format(number=number)} else ({text}))"


def as_statement(source: str, number: int, mutant: Mutant, text: str) -> str:
    """It begins where the statement began, behind its indentation."""
    indent = " " * (mutant.start - source.rindex("\n", 0, mutant.start) - 1)
    deeper = f"{indent}    "
    wrong = mutant.new.replace("\n", f"\n{' ' * 4}")
    right = text.replace("\n", f"\n{' ' * 4}")
    return (
        f"if {AWAKE.format(number=number)}:\n{deeper}{wrong}\n{deeper}#@{number}\n"
        f"{indent}else:\n{deeper}{right}"
    )


def blamed(text: str, line: int) -> int | None:
    """The mutant at a line that does not compile."""
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    found = MARK.search(text, start)
    return int(found[1]) if found else None
