# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Asking who receives a token
@license AGPL-3.0-only
@notice Whether an account takes an ERC-721 token that is sent by a safe transfer.
@dev A receiver's own reason to refuse is passed on as it is, up to 1,024 bytes; who
     refuses without one is refused by the caller's name.
@custom:security Calls the receiver: ask last.
"""

MAX_ANSWER: constant(uint256) = 1024   # bytes


@internal
def _accepts(sender: address, receiver: address, id: uint256, data: Bytes[1024]) -> bool:
    if not receiver.is_contract:
        return True
    success: bool = False
    answer: Bytes[MAX_ANSWER] = b""
    success, answer = raw_call(
        receiver,
        abi_encode(
            msg.sender,
            sender,
            id,
            data,
            method_id=method_id("onERC721Received(address,address,uint256,bytes)"),
        ),
        max_outsize=MAX_ANSWER,
        revert_on_failure=False,
    )
    if not success and len(answer) != 0:
        raw_revert(answer)
    expected: bytes4 = method_id(
        "onERC721Received(address,address,uint256,bytes)", output_type=bytes4
    )
    return success and len(answer) >= 32 and convert(slice(answer, 0, 4), bytes4) == expected
