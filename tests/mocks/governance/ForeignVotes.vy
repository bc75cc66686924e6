# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title ForeignVotes
@license AGPL-3.0-only
@notice A votes token for tests that can stop to answer, or answer nonsense.
"""

broken: public(bool)
late: public(uint256)      # seconds by which its clock is wrong
supply: public(uint256)
votes: HashMap[address, uint256]


@external
def set(broken: bool, late: uint256, supply: uint256):
    """
    @notice Choose how it behaves.
    @param broken Whether it reverts.
    @param late Seconds by which its clock is wrong.
    @param supply What it says the supply was.
    """
    self.broken = broken
    self.late = late
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
@view
def clock() -> uint48:
    """
    @notice The clock.
    @return Seconds.
    """
    return convert(block.timestamp - self.late, uint48)


@external
@view
def getPastVotes(account: address, timepoint: uint256) -> uint256:
    """
    @notice Past votes.
    @param account Whose.
    @param timepoint Ignored.
    @return Votes.
    """
    assert not self.broken, "votes: broken"
    return self.votes[account]


@external
@view
def getPastTotalSupply(timepoint: uint256) -> uint256:
    """
    @notice Past supply.
    @param timepoint Ignored.
    @return Votes.
    """
    assert not self.broken, "votes: broken"
    return self.supply
