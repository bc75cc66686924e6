# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A contract that delegates to the Splitter with recipients of its choice
@license AGPL-3.0-only
"""

implementation: immutable(address)
tail: Bytes[128]


@deploy
@payable
def __init__(implementation_: address, tail: Bytes[128]):
    implementation = implementation_
    self.tail = tail


@external
@payable
def __default__():
    raw_call(implementation, concat(slice(msg.data, 0, 36), self.tail), is_delegate_call=True)
