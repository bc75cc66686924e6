# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A recipient that accepts, refuses, burns, bombs, re-enters or needs much gas
@license AGPL-3.0-only
@notice Also a contract wallet: it calls what it is told to.
"""

ACCEPT: constant(uint256) = 0
REFUSE: constant(uint256) = 1
BURN: constant(uint256) = 2
BOMB: constant(uint256) = 3
REENTER: constant(uint256) = 4
HUNGRY: constant(uint256) = 5

mode: public(uint256)
target: address
data: Bytes[512]
reentered: public(uint256)    # times it got in
stopped: public(uint256)      # times it was kept out
hunger: public(uint256)       # gas
small: bool                   # its bombs


@external
@payable
def __default__():
    # ETH, and the hook of a token, whatever its name.
    self._on_payment()


@external
def behave(mode: uint256):
    self.mode = mode


@external
def reenter_with(target: address, data: Bytes[512]):
    self.mode = REENTER
    self.target = target
    self.data = data


@external
def need(hunger: uint256):
    self.mode = HUNGRY
    self.hunger = hunger


@external
def bomb_less():
    self.small = True


@external
@payable
def execute(target: address, data: Bytes[512]):
    raw_call(target, data, value=msg.value)


@internal
def _on_payment():
    if self.mode == ACCEPT:
        return
    elif self.mode == BURN:
        raise UNREACHABLE    # the opcode that takes all gas
    elif self.mode == BOMB and self.small:
        raw_revert(abi_encode(empty(uint256[48])))    # what takes a chain in Python no second
    elif self.mode == BOMB:
        raw_revert(abi_encode(empty(uint256[1_500])))    # 48,000 bytes
    elif self.mode == REENTER:
        if raw_call(self.target, self.data, revert_on_failure=False):
            self.reentered += 1
        else:
            self.stopped += 1
    elif self.mode == HUNGRY:
        # Refuses early: who starves it keeps the gas to go on.
        assert msg.gas >= self.hunger, "recipient: hungry"
    else:
        raise "recipient: refused"
