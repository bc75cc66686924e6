"""Why a term has its value: the question that the gate asks, asked again, in words.

The value itself is the gate's; here is found what a person wants to know beside it,
and, of an answer that the gate cannot trust, what is wrong with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ape import chain
from eth_abi import encode
from eth_utils import keccak, to_checksum_address

from scripts._lib import contracts, times
from scripts._lib.amounts import asset
from scripts._lib.rules import Kind, Term, Value

# As the gate gives, with what a transaction costs before it begins.
GAS = 100_000 + 21_000 + 2_500

Label = Callable[[str], str]


class DoubtError(Exception):
    """Why a question has no answer that can be trusted."""


@dataclass(frozen=True)
class Facts:
    """What is known beside the answers: names, the time, the accounts' proofs."""

    label: Label
    now: int

    def why(self, account: str, term: Term, value: Value) -> str:
        """Of a term's value, before negation."""
        if term.kind == Kind.ALLOW_LIST:
            return "its proof is good" if value == Value.YES else "there is no good proof for it"
        if term.kind == Kind.TIME_WINDOW:
            return self._time(term)
        try:
            said = WAYS[term.kind](self, account, term)
        except DoubtError as doubt:
            said = str(doubt)
            if value != Value.ERROR:
                said = f"it was so when the gate asked; now {said}"
        else:
            if value == Value.ERROR:
                said = f"{self.label(term.target)} gives no answer that the gate can trust"
        return said

    def _time(self, term: Term) -> str:
        if self.now < term.detail:
            return f"it begins {times.distance(term.detail, self.now)}"
        end = times.distance(term.argument, self.now) if term.argument < 2**40 - 1 else "never"
        return f"it {'ends' if self.now < term.argument else 'ended'} {end}"

    # ----- by kind -----

    def _pass(self, account: str, term: Term) -> str:
        if self._yes(term.target, "valid_holder(address)", account):
            return "it has a valid pass"
        try:
            active = self._word(term.target, "active(address)", account)
            expiry = self._word(term.target, "expiresAt(uint256)", active)
        except DoubtError:  # it never had one, or that was refunded
            return "it has no pass"
        if expiry <= self.now:
            return f"its pass expired {times.distance(expiry, self.now)}"
        return "its pass left it, or lets another in"

    def _balance(self, account: str, term: Term) -> str:
        has = self._word(term.target, "balanceOf(address)", account)
        show = asset(term.target).show if term.kind == Kind.ERC20_BALANCE else str
        return f"it has {show(has)} of {show(term.argument)}"

    def _items(self, account: str, term: Term) -> str:
        has = self._word(term.target, "balanceOf(address,uint256)", account, term.argument)
        return f"it has {has} of {term.detail}"

    def _piece(self, account: str, term: Term) -> str:
        return self._owned(account, self._word(term.target, "ownerOf(uint256)", term.argument))

    def _name(self, account: str, term: Term) -> str:
        node = term.argument.to_bytes(32, "big")
        owner = self._word(term.target, "owner(bytes32)", node)
        if owner == int(account, 16) and term.detail:
            epoch = self._word(term.target, "epoch(bytes32)", node)
            if epoch != term.detail:
                return "it is its owner, but since another registration"
        return self._owned(account, owner)

    def _primary(self, account: str, term: Term) -> str:
        name = self.label(account)
        return "it has no primary name" if name == account else f"its primary name is {name}"

    def _votes(self, account: str, term: Term) -> str:
        clock = self._word(term.target, "clock()")
        if clock < term.detail:
            raise DoubtError("its clock has not run for as long as the rule looks back")
        then = clock - term.detail
        had = self._word(term.target, "getPastVotes(address,uint256)", account, then)
        show = asset(term.target).show
        return f"it had {show(had)} of {show(term.argument)} in votes"

    def _listed(self, account: str, term: Term) -> str:
        list_id = term.argument.to_bytes(32, "big")
        listed = self._yes(term.target, "contains(bytes32,address)", list_id, account)
        return "it is on the list" if listed else "it is not on the list"

    def _condition(self, account: str, term: Term) -> str:
        argument = term.argument.to_bytes(32, "big")
        allowed = self._yes(term.target, "allows(address,bytes32)", account, argument)
        return "the condition allows it" if allowed else "the condition does not allow it"

    # ----- questions -----

    def _owned(self, account: str, owner: int) -> str:
        if owner == int(account, 16):
            return "it is the owner"
        if owner == 0 or owner >= 2**160:
            return "nobody owns it"
        return f"{self.label(to_checksum_address(owner.to_bytes(20, 'big')))} owns it"

    def _yes(self, target: str, signature: str, *arguments: Any) -> bool:
        word = self._word(target, signature, *arguments)
        if word > 1:
            raise DoubtError(f"{self.label(target)} answers neither yes nor no")
        return word == 1

    def _word(self, target: str, signature: str, *arguments: Any) -> int:
        if not contracts.code(target):
            raise DoubtError(f"there is no contract at {target}")
        types = [kind for kind in signature[:-1].partition("(")[2].split(",") if kind]
        question = keccak(text=signature)[:4] + encode(types, arguments)
        call = {"to": target, "data": "0x" + question.hex(), "gas": GAS}
        try:
            answer = bytes(chain.provider.web3.eth.call(call))
        except Exception:  # each provider has its own for a revert
            raise DoubtError(f"{self.label(target)} refuses to answer") from None
        if len(answer) != 32:
            raise DoubtError(f"{self.label(target)} answers {len(answer)} bytes, not one word")
        return int.from_bytes(answer, "big")


WAYS: dict[Kind, Callable[[Facts, str, Term], str]] = {
    Kind.VALID_PASS: Facts._pass,
    Kind.ERC20_BALANCE: Facts._balance,
    Kind.ERC721_BALANCE: Facts._balance,
    Kind.ERC1155_BALANCE: Facts._items,
    Kind.ERC721_OWNER: Facts._piece,
    Kind.NAME_OWNER: Facts._name,
    Kind.PRIMARY_NAME: Facts._primary,
    Kind.PAST_VOTES: Facts._votes,
    Kind.LISTED: Facts._listed,
    Kind.CONDITION: Facts._condition,
}
