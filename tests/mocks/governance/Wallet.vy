# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Wallet
@license AGPL-3.0-only
@notice A contract wallet for tests: one key signs for it, or it answers badly.
"""

MAGIC: constant(bytes32) = 0x1626ba7e00000000000000000000000000000000000000000000000000000000

owner: immutable(address)
mode: public(String[8])


@deploy
def __init__(owner_: address, mode: String[8]):
    """
    @notice Set up.
    @param owner_ Whose signature over the very digest counts.
    @param mode "honest", or how it answers whatever it is asked.
    """
    owner = owner_
    self.mode = mode


@external
@payable
@raw_return
def __default__() -> Bytes[4096]:
    """
    @notice Answer isValidSignature(bytes32,bytes).
    """
    mode: String[8] = self.mode
    if mode == "reverts":
        raise "wallet: no"
    if mode == "refuses":  # by what would be a yes
        raw_revert(concat(MAGIC, b""))
    if mode == "empty":
        return b""
    if mode == "short":
        return slice(concat(MAGIC, b""), 0, 4)
    if mode == "dirty":
        return concat(convert(convert(MAGIC, uint256) | 1, bytes32), b"")
    if mode == "huge":
        return concat(MAGIC, abi_encode(empty(uint256[64])))
    digest: bytes32 = convert(slice(msg.data, 4, 32), bytes32)
    if ecrecover(
        digest,
        convert(slice(msg.data, 164, 1), uint8),
        convert(slice(msg.data, 100, 32), bytes32),
        convert(slice(msg.data, 132, 32), bytes32),
    ) == owner:
        return concat(MAGIC, b"")
    return concat(empty(bytes32), b"")


@external
def act(target: address, data: Bytes[1024]):
    """
    @notice Call as the wallet.
    @param target Whom.
    @param data What.
    """
    raw_call(target, data)
