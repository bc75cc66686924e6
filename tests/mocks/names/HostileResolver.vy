# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A resolver that attacks the registration it is called by
@license AGPL-3.0-only
@notice Makes every call it is given, to the registry or to whom it says.
"""

target: address
stubborn: bool
calls: public(uint256)
successes: public(uint256)


@external
def set_target(target: address, stubborn: bool):
    """
    @notice Choose whom to attack.
    @param target The contract.
    @param stubborn Whether to refuse the registration.
    """
    self.target = target
    self.stubborn = stubborn


@external
def multicallWithNodeCheck(node: bytes32, data: DynArray[Bytes[512], 8]):
    """
    @notice Attack.
    @param node Ignored.
    @param data Calls to make.
    """
    assert not self.stubborn, "hostile: refused"
    for call: Bytes[512] in data:
        self.calls += 1
        if raw_call(self.target, call, revert_on_failure=False):
            self.successes += 1
