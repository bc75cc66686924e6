# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A contract that holds names
@license AGPL-3.0-only
@notice Makes any call for anybody, and one when it is given a name.
"""

accepts: bool
target: address
reaction: Bytes[1024]
reacted: public(bool)


@external
def set_reaction(accepts: bool, target: address, reaction: Bytes[1024]):
    """
    @notice Choose what to do when a name arrives.
    @param accepts Whether to accept it.
    @param target Whom to call; zero for nobody.
    @param reaction The call.
    """
    self.accepts = accepts
    self.target = target
    self.reaction = reaction


@external
@payable
def execute(target: address, data: Bytes[4096]):
    """
    @notice Make a call, with the ether sent.
    @param target Whom to call.
    @param data The call.
    """
    raw_call(target, data, value=msg.value)


@external
def onERC721Received(operator: address, sender: address, token_id: uint256, data: Bytes[1024]) -> bytes4:
    """
    @notice React, then accept or not. (ERC-721)
    @param operator Ignored.
    @param sender Ignored.
    @param token_id Ignored.
    @param data Ignored.
    @return The accepting answer, or zero.
    """
    if self.target != empty(address):
        self.reacted = raw_call(self.target, self.reaction, revert_on_failure=False)
    if not self.accepts:
        return empty(bytes4)
    return 0x150b7a02
