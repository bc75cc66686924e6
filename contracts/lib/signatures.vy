# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Who signed this?
@license AGPL-3.0-only
@notice Checks signatures of keys (65 bytes r, s, v) and of contracts (ERC-1271).
@dev A key is tried first, so that a wallet that delegated its code (EIP-7702)
     keeps its key's voice.
@custom:security One form only of a key's signature: 65 bytes, low s, v of 27 or
     28 (CVE-2022-35961). A contract's answer counts only when the call succeeds
     and its first word is the magic value and nothing else (CVE-2022-31172);
     what it returns beyond 32 bytes is not copied.
"""

# Multisigs and passkeys need more than a key's 65 bytes.
MAX_SIGNATURE: constant(uint256) = 2048
MAGIC: constant(bytes32) = 0x1626ba7e00000000000000000000000000000000000000000000000000000000
# Half of the order of secp256k1.
HALF_ORDER: constant(uint256) = 57896044618658097711785492504343953926418782139537452191302581570759080747168


@internal
@view
def _is_valid(signer: address, digest: bytes32, signature: Bytes[MAX_SIGNATURE]) -> bool:
    if len(signature) == 65:
        recovered: address = self._recover(
            digest,
            convert(slice(signature, 64, 1), uint8),
            convert(slice(signature, 0, 32), bytes32),
            convert(slice(signature, 32, 32), bytes32),
        )
        if recovered != empty(address) and recovered == signer:
            return True
    if signer.codesize == 0:
        return False
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        signer,
        abi_encode(digest, signature, method_id=method_id("isValidSignature(bytes32,bytes)")),
        max_outsize=32,
        is_static_call=True,
        revert_on_failure=False,
    )
    return success and len(answer) == 32 and convert(answer, bytes32) == MAGIC


@internal
@pure
def _recover(digest: bytes32, v: uint8, r: bytes32, s: bytes32) -> address:
    # Zero when there is no signer, or the signature is not of the one form.
    if convert(s, uint256) > HALF_ORDER or (v != 27 and v != 28):
        return empty(address)
    return ecrecover(digest, v, r, s)
