"""What each operation costs at the least, by the rules of the chain, computed.

A transaction, the cheapest calldata of the systems that played it, and what no layout of
storage that we could name does without: each word that has to be written or read, each other
account that has to be reached, the events that standards ask for. Computing is free.
"""

from dataclasses import astuple, dataclass

TRANSACTION = 21_000
FRESH = 22_100  # a word that was zero (EIP-2929, EIP-2200)
CHANGED = 5_000
CLEARED = CHANGED - 4_800  # what comes back (EIP-3529)
READ = 2_100
ACCOUNT = 2_600
WARM = 100  # a word or an account that the transaction touched before
PAID = ACCOUNT + 9_000 - 2_300  # value for an account that exists; the stipend is not used
SIGNATURE = 3_000
EVENT, TOPIC, LOGGED = 375, 375, 8  # the last by the byte
CONTRACT, BYTE_OF_CODE = 32_000, 200


@dataclass(frozen=True)
class Floor:
    """How many of each, in all transactions of an operation."""

    fresh: int = 0
    changed: int = 0
    cleared: int = 0
    read: int = 0
    accounts: int = 0
    warm: int = 0
    paid: int = 0
    signatures: int = 0
    events: int = 0
    topics: int = 0
    logged: int = 0  # bytes
    contracts: int = 0
    code: int = 0  # bytes
    transactions: int = 1

    def __add__(self, other: "Floor") -> "Floor":
        return Floor(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    def __mul__(self, times: int) -> "Floor":
        return Floor(*(times * each for each in astuple(self)))

    def gas(self, calldata: int) -> int:
        return (
            calldata
            + self.transactions * TRANSACTION
            + self.fresh * FRESH
            + self.changed * CHANGED
            + self.cleared * CLEARED
            + self.read * READ
            + self.accounts * ACCOUNT
            + self.warm * WARM
            + self.paid * PAID
            + self.signatures * SIGNATURE
            + self.events * EVENT
            + self.topics * TOPIC
            + self.logged * LOGGED
            + self.contracts * CONTRACT
            + self.code * BYTE_OF_CODE
        )


def event(topics: int, logged: int = 0, times: int = 1) -> dict[str, int]:
    return {"events": times, "topics": topics * times, "logged": logged * times}


MOVED = event(3, 32)  # ERC-20's Transfer, Approval
OWNED = event(4)  # ERC-721's Transfer
PROPOSED = 736  # bytes of ProposalCreated with one action and 32 bytes of text
VOTED = event(2, 160)

FIRST_VOTE = Floor(fresh=2, read=2, accounts=1, **VOTED)
LATER_VOTE = Floor(fresh=1, changed=1, read=2, accounts=1, **VOTED)
FIRST_AGAIN = LATER_VOTE
LATER_AGAIN = Floor(changed=2, read=2, accounts=1, **VOTED)
PROPOSE = Floor(fresh=1, read=2, accounts=1, **event(1, PROPOSED))
QUEUE = Floor(changed=1, read=2, accounts=1, **event(1, 64))
EXECUTE = Floor(changed=2, accounts=1, **event(1, 32))
ENDS = PROPOSE + QUEUE + EXECUTE
REGISTER = Floor(cleared=1, read=1, fresh=2, events=2, topics=7, logged=160)


def split(count: int) -> dict[str, tuple[Floor, str]]:
    return {
        f"create a split of {count}": (
            Floor(contracts=1, code=77, **event(2, 64 * count)),
            "a clone of 45 bytes with a hash of 32 behind it, and an event that lists everybody",
        ),
        f"pay {count} in ETH": (Floor(paid=count), "a payment to each, who exists"),
        f"pay {count} in a token": (
            Floor(
                changed=count,
                cleared=1,
                accounts=1,
                warm=2 * (count - 1),
                **event(3, 32, count),
            ),
            "the balance of each changes, that of the payer ends, and a Transfer for each",
        ),
    }


# By group and operation: the floor, and what it is made of.
FLOORS: dict[str, dict[str, tuple[Floor, str]]] = {
    "token": {
        "transfer to a new holder": (Floor(changed=1, fresh=1, **MOVED), "two balances"),
        "transfer, both hold": (Floor(changed=2, **MOVED), "two balances"),
        "approve": (Floor(fresh=1, **MOVED), "an allowance"),
        "permit, first": (
            Floor(fresh=2, signatures=1, **MOVED),
            "a nonce, an allowance, a signature",
        ),
        "delegate, first": (
            Floor(changed=1, fresh=1, events=2, topics=6, logged=64),
            "the delegate beside the balance in one word, the votes in another, two events",
        ),
        "transfer, both delegated": (
            Floor(changed=4, fresh=2, events=3, topics=7, logged=160),
            "two balances, two heads of votes, a word of history for each, three events",
        ),
    },
    "governor": {
        "propose": (
            PROPOSE,
            "one word for the proposal, settings and the proposer's votes read, ProposalCreated",
        ),
        "vote, first": (FIRST_VOTE, "receipt and tally, proposal and votes read, VoteCast"),
        "vote, later": (LATER_VOTE, "the same, the tally there already"),
        "vote, later, who voted before": (LATER_AGAIN, "the receipt a bit of a word there already"),
        "queue": (QUEUE, "the proposal's word, tally and supply read, ProposalQueued"),
        "execute": (EXECUTE, "the proposal's word, the slot of the action, ProposalExecuted"),
        "whole life, 10 voters": (
            ENDS + FIRST_VOTE + LATER_VOTE * 9,
            "the sum of the above",
        ),
        "whole life, 10 voters, who voted before": (
            ENDS + FIRST_AGAIN + LATER_AGAIN * 9,
            "the sum of the above",
        ),
    },
    "timelock": {
        "schedule, 1 call": (
            Floor(read=1, fresh=1, **event(2, 64)),
            "a right read, one word, an event with a hash of the calls",
        ),
        "execute, 1 call": (
            Floor(cleared=1, accounts=1, changed=1, **event(2)),
            "the word cleared, the slot of the call, an event",
        ),
        "schedule, 5 calls": (
            Floor(read=1, fresh=1, **event(2, 64)),
            "as one: only a hash of the calls is kept",
        ),
        "execute, 5 calls": (
            Floor(cleared=1, accounts=1, changed=1, warm=8, **event(2)),
            "as one, and four more calls that set the same slot",
        ),
    },
    "kernel": {
        "call replaceable code, which sets a slot": (
            Floor(read=1, accounts=1, changed=1),
            "where the code is read, the code reached, the slot",
        ),
        "replace the code": (
            Floor(read=1, changed=1, accounts=1, **event(2)),
            "the owner read, one word, the new code looked at, an event; at once, in one "
            "transaction, without a notice",
        ),
    },
    "passes": {
        "create a collection": (
            Floor(contracts=1, code=45, fresh=2, **event(2)),
            "a clone of 45 bytes, a word of its own and one of a plan, an event",
        ),
        "mint, to a new holder": (
            Floor(read=1, fresh=2, **OWNED),
            "a right read, the token, the balance",
        ),
        "mint, to a holder": (
            Floor(read=1, fresh=1, changed=1, **OWNED),
            "the same, the balance there already",
        ),
        "mint 5, to a new holder": (
            Floor(read=1, fresh=2, changed=1, **event(4, times=5)),
            "one word for five tokens (ERC721A), the balance, a counter, an event each",
        ),
        "mint 10, to ten holders": (
            Floor(read=1, fresh=20, **event(4, times=10)),
            "ten tokens, ten balances, an event each",
        ),
        "transfer, both hold": (Floor(changed=3, **OWNED), "the token, two balances"),
        "transfer out of a batch, both hold": (
            Floor(changed=3, **OWNED),
            "the token, two balances: as if it had a word of its own",
        ),
        "sell a pass": (
            Floor(read=1, changed=1, fresh=2, **OWNED),
            "the terms read, a counter, the token, the balance; the price stays",
        ),
        "renew a pass": (
            Floor(read=1, changed=1, **event(2, 32)),
            "the terms read, the token's expiry, SubscriptionUpdate",
        ),
        "transfer a valid pass to a new holder": (
            Floor(changed=1, cleared=1, fresh=1, **OWNED),
            "the token with its expiry, one balance ended, one begun",
        ),
    },
    "income": split(2) | split(10) | split(50) | split(100),
    "names": {
        "commit": (Floor(fresh=1), "one word"),
        "register": (
            REGISTER,
            "the commitment cleared, a price read, owner and expiry in a word, a balance, "
            "Transfer and NameRegistered",
        ),
        "register, with a primary name": (
            REGISTER + Floor(fresh=1, transactions=0),
            "the same, and a word for the name",
        ),
        "set the address, first": (
            Floor(read=1, fresh=1, **event(2, 32)),
            "the owner read, one word, AddrChanged",
        ),
        "set the address, change": (
            Floor(read=1, changed=1, **event(2, 32)),
            "the owner read, one word, AddrChanged",
        ),
        "set a text of 20 bytes, first": (
            Floor(read=1, fresh=1, **event(3, 192)),
            "the owner read, text and length in one word, TextChanged",
        ),
        "renew": (
            Floor(read=1, changed=1, **event(2, 96)),
            "a price read, the expiry, an event",
        ),
        "transfer to a new holder": (
            Floor(changed=1, cleared=1, fresh=1, **OWNED),
            "the owner, one balance ended, one begun",
        ),
    },
}
