# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title One operation of each kind that costs gas in its own way
@license AGPL-3.0-only
"""

event Noted:
    topic: indexed(uint256)
    text: String[64]

numbers: public(HashMap[uint256, uint256])
_flash: transient(uint256)


@deploy
@payable
def __init__(number: uint256):
    self.numbers[0] = number


@external
@payable
def __default__():
    pass


@external
def set(slot: uint256, number: uint256):
    self.numbers[slot] = number


@external
def set_and_back(slot: uint256, number: uint256):
    before: uint256 = self.numbers[slot]
    self.numbers[slot] = number
    self.numbers[slot] = before


@external
def clear(first: uint256, count: uint256):
    for slot: uint256 in range(first, first + count, bound=64):
        self.numbers[slot] = 0


@external
def note(topic: uint256, text: String[64]):
    log Noted(topic=topic, text=text)


@external
def hold(number: uint256):
    if self._flash == 0:
        self._flash = number


@external
@payable
def pay(to: address):
    raw_call(to, b"", value=msg.value)


@external
def call_producer():
    raw_call(block.coinbase, b"")


@external
def set_elsewhere(to: address, slot: uint256, number: uint256):
    raw_call(to, abi_encode(slot, number, method_id=method_id("set(uint256,uint256)")))


@external
def recover(digest: bytes32, r: uint256, s: uint256) -> address:
    return ecrecover(digest, 27, r, s)


@external
def clone(implementation: address) -> address:
    return create_minimal_proxy_to(implementation)


@external
def read(data: Bytes[8192]):
    pass
