# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title A contract that receives passes
@license AGPL-3.0-only
@notice Notes what it sees in the hook, answers as it was told, and may make one
        call from there.
"""

interface Collection:
    def balanceOf(account: address) -> uint256: view
    def valid_holder(account: address) -> bool: view

# What the last hook saw of the collection that called it.
balance_seen: public(uint256)        # passes of this contract
funds_seen: public(uint256)          # wei held by the collection
valid_seen: public(bool)
operator_seen: public(address)
sender_seen: public(address)
data_seen: public(Bytes[1024])

call_succeeded: public(bool)
_refuses: bool
_reacts: bool
_target: address
_call: Bytes[1024]
_amount: uint256


@external
@payable
def __default__():
    """
    @notice Take ETH, and act if told to.
    """
    if self._reacts:
        self._act()


@external
def refuse():
    """
    @notice Answer wrongly from now on.
    """
    self._refuses = True


@external
def react_to_ether():
    """
    @notice Act when ETH comes, too.
    """
    self._reacts = True


@external
def then_call(target: address, call: Bytes[1024], amount: uint256):
    """
    @notice Make one call from the next hook, or from `act`.
    @param target Whom.
    @param call The calldata.
    @param amount Wei to send along.
    """
    self._target = target
    self._call = call
    self._amount = amount


@external
@payable
def execute(target: address, call: Bytes[1024]) -> Bytes[32]:
    """
    @notice Call anything with the ETH that comes along; failures are passed on.
    @param target Whom.
    @param call The calldata.
    @return The first word of the answer.
    """
    return raw_call(target, call, value=msg.value, max_outsize=32)


@external
def act():
    """
    @notice Make the chosen call now: for tokens that call out.
    """
    self._act()


@external
def onERC721Received(
    operator: address, sender: address, id: uint256, data: Bytes[1024]
) -> bytes4:
    """
    @notice The hook of ERC-721.
    @param operator Who moved the pass.
    @param sender Whose it was.
    @param id The pass.
    @param data What came along.
    @return The right answer, unless told to refuse.
    """
    self.balance_seen = staticcall Collection(msg.sender).balanceOf(self)
    self.valid_seen = staticcall Collection(msg.sender).valid_holder(self)
    self.funds_seen = msg.sender.balance
    self.operator_seen = operator
    self.sender_seen = sender
    self.data_seen = data
    self._act()
    if self._refuses:
        return 0x00000000
    return method_id("onERC721Received(address,address,uint256,bytes)", output_type=bytes4)


@internal
def _act():
    target: address = self._target
    if target != empty(address):
        self._target = empty(address)
        self.call_succeeded = raw_call(
            target, self._call, value=self._amount, revert_on_failure=False
        )
