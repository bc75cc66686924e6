# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title OddVotes
@license AGPL-3.0-only
@notice A foreign votes token for tests: answers as it should, but for one question.
"""

question: bytes4         # which is answered oddly
manner: String[16]
odd: Bytes[2048]         # the odd answer, or what it re-enters with
victim: address
supply: public(uint256)
votes: HashMap[address, uint256]


@deploy
def __init__(supply: uint256):
    """
    @notice Set up.
    @param supply What it says the supply was.
    """
    self.supply = supply


@external
def give(account: address, amount: uint256):
    """
    @notice Give votes that were always there.
    @param account Whom.
    @param amount How many.
    """
    self.votes[account] = amount


@external
def behave(question: bytes4, manner: String[16], odd: Bytes[2048], victim: address):
    """
    @notice Choose how one question is answered.
    @param question Its selector.
    @param manner "reverts", "burns", "answers" or "reenters".
    @param odd The answer, or the call to re-enter with.
    @param victim Whom it re-enters.
    """
    self.question = question
    self.manner = manner
    self.odd = odd
    self.victim = victim


@external
@payable
@raw_return
def __default__() -> Bytes[2048]:
    """
    @notice Answer.
    """
    question: bytes4 = convert(slice(msg.data, 0, 4), bytes4)
    if question == self.question:
        manner: String[16] = self.manner
        if manner == "reverts":
            raise "votes: no"
        if manner == "burns":
            raise UNREACHABLE
        if manner == "answers":
            return self.odd
        # What it does to its caller is lost, or all is.
        success: bool = raw_call(self.victim, self.odd, revert_on_failure=False)
    answer: Bytes[2048] = self._honest(question)
    return answer


@internal
@view
def _honest(question: bytes4) -> Bytes[96]:
    if question == method_id("CLOCK_MODE()", output_type=bytes4):
        return abi_encode("mode=timestamp")
    if question == method_id("clock()", output_type=bytes4):
        return concat(convert(block.timestamp, bytes32), b"")
    if question == method_id("getPastTotalSupply(uint256)", output_type=bytes4):
        return concat(convert(self.supply, bytes32), b"")
    assert question == method_id("getPastVotes(address,uint256)", output_type=bytes4), "votes: what"
    account: address = convert(convert(slice(msg.data, 4, 32), uint256), address)
    return concat(convert(self.votes[account], bytes32), b"")
