# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Whether an account goes by a name below a parent
@license AGPL-3.0-only
@notice Reads an account's primary name on any registry that speaks ENS's, and
        confirms it: the name must resolve back to the account (EIP-181).
@dev Off-chain look-ups (ERC-3668) and wildcards (ENSIP-10) are not followed.
@custom:security Nodes are compared, not texts: a look-alike has another node.
"""

from . import questions
from . import reverse_nodes


@internal
@view
def _is_below(registry: address, account: address, parent: bytes32) -> (bool, bool):
    """
    @return Whether every contract that was asked answered well; whether the
            account's confirmed primary name lies below the parent.
    """
    good: bool = False
    resolver: address = empty(address)
    name: Bytes[questions.READ] = b""
    node: bytes32 = reverse_nodes._node(account)
    good, resolver = self._resolver(registry, node)
    if not good or resolver == empty(address):
        return good, False
    good, name = questions._text(resolver, concat(method_id("name(bytes32)"), node))
    if not good:
        return False, False
    below: bool = False
    below, node = self._node_below(name, parent)
    if not below:
        return True, False
    good, resolver = self._resolver(registry, node)
    if not good or resolver == empty(address):
        return good, False
    owner: address = empty(address)
    good, owner = questions._account(resolver, concat(method_id("addr(bytes32)"), node))
    return good, owner == account


@internal
@view
def _resolver(registry: address, node: bytes32) -> (bool, address):
    good: bool = False
    resolver: address = empty(address)
    good, resolver = questions._account(registry, concat(method_id("resolver(bytes32)"), node))
    return good, resolver


@internal
@pure
def _node_below(name: Bytes[questions.READ], parent: bytes32) -> (bool, bytes32):
    """
    @return Whether the name has no empty label and an ancestor that is the parent;
            its node (ENSIP-1). From the last label to the first.
    """
    node: bytes32 = empty(bytes32)
    below: bool = False
    end: uint256 = len(name)     # of the label that is being read
    for step: uint256 in range(len(name) + 1, bound=questions.MAX_TEXT + 1):
        start: uint256 = len(name) - step
        if start != 0 and slice(name, start - 1, 1) != b".":
            continue
        if start == end:
            return False, empty(bytes32)
        if node == parent:
            below = True
        node = keccak256(concat(node, keccak256(slice(name, start, end - start))))
        end = max(start, 1) - 1
    return below, node
