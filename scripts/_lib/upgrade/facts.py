"""What holds of the system now: asked before an upgrade and after it, and compared."""

from collections.abc import Callable
from typing import Any

from ape import chain
from ape.contracts import ContractInstance
from ape.exceptions import ContractLogicError, DecodingError

from scripts._lib import contracts
from scripts._lib.intent import DAY
from scripts._lib.plan import entry_id, text32
from scripts._lib.records import code_hash, plain
from scripts._lib.upgrade.keys import KEYS
from scripts._lib.upgrade.situation import Situation

YEAR = 365 * DAY
Facts = dict[str, Any]


def of_system(situation: Situation) -> Facts:
    """Everything that an upgrade of one key must leave alone, and the keys."""
    kernel, namespace = situation.kernel, situation.namespace
    space = situation.space
    found: Facts = {
        "namespace: owner": space.owner,
        "namespace: epoch": space.epoch,
        "namespace: notice": space.notice,
        "namespace: guardian": space.guardian,
        "namespace: keys": space.keys,
    }
    for name, address in situation.found.book.contracts.items():
        found[f"{name}: code"] = code_hash(contracts.code(address))
    for key in KEYS:
        entry = kernel.entry(entry_id(namespace, key))
        found[f"{key}: module"] = entry.module
        found[f"{key}: version"] = entry.version
        found[f"{key}: verified"] = kernel.verify(namespace, text32(key))
        found[f"{key}: paused"] = entry.paused_until > chain.blocks.head.timestamp
        found[f"{key}: frozen"] = entry.frozen
    token, governor = situation.token, situation.governor
    found |= {
        "votes: supply": token.totalSupply(),
        "treasury: wei": chain.provider.get_balance(space.owner),
        "treasury: delay": situation.timelock.getMinDelay(),
        "governor: voting delay": governor.votingDelay(),
        "governor: voting period": governor.votingPeriod(),
        "governor: threshold": governor.proposalThreshold(),
        "governor: quorum": governor.quorumNumerator(),
    }
    return {name: plain(value) for name, value in found.items()}


def changed(before: Facts, after: Facts) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def of_module(situation: Situation, key: str, module: ContractInstance) -> Facts:
    """What the module of a key answers: its views without arguments, and its key's questions."""
    found = {}
    for view in module.contract_type.view_methods:
        if not view.inputs:
            found[f"{view.name}()"] = _answer(getattr(module, view.name))
    for question, ask in QUESTIONS.get(key, {}).items():
        found[question] = _answer(lambda ask=ask: ask(situation))
    return found


def _answer(ask: Callable[[], Any]) -> Any:
    try:
        return plain(ask())
    except (ContractLogicError, DecodingError) as error:
        return f"refuses: {getattr(error, 'revert_message', 'no answer')}"


LABELS = ("a", "ab", "abc", "abcd", "abcde")


def _price(label: str) -> Callable[[Situation], Any]:
    """As a buyer is told, so by the registry and within its bounds."""
    return lambda situation: situation.found["Names"].registration_price(label, YEAR, 0)[0]


# Asked the way users ask, beyond what the module says of itself.
QUESTIONS: dict[str, dict[str, Callable[[Situation], Any]]] = {
    "names.pricing": {
        f"a year of a name of {len(label)}{' or more' * (len(label) == 5)}": _price(label)
        for label in LABELS
    },
    "governance.governor": {
        "who decides": lambda situation: situation.governor.address,
        "proposals": lambda situation: situation.governor.proposalCount(),
    },
}


def broken(key: str, answers: Facts) -> list[str]:
    """Invariants of a key that its module's answers do not keep. One sentence each."""
    refused = [f"{name} {value}" for name, value in answers.items() if _refuses(value)]
    return refused + RULES.get(key, lambda _: [])(answers)


def _refuses(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("refuses: ")


def _prices(answers: Facts) -> list[str]:
    prices = [int(answers[name]) for name in QUESTIONS["names.pricing"]]
    wrong = []
    if prices != sorted(prices, reverse=True):
        wrong.append("a longer name is dearer than a shorter one")
    if prices[0] > 4 * 10**18:
        wrong.append("a year costs more than 4 ether")
    return wrong


RULES: dict[str, Callable[[Facts], list[str]]] = {
    "names.pricing": lambda answers: _prices(answers) if not _any_refused(answers) else [],
}


def _any_refused(answers: Facts) -> bool:
    return any(map(_refuses, answers.values()))
