# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title DaoFactory
@license AGPL-3.0-only
@notice Opens a DAO for anybody in one transaction, and keeps no power over it.
@dev A DAO is a timelock, a token (its own, or one that exists) and a governor, in a
     kernel namespace that the factory claims for the timelock:

         label      keccak256(abi_encode(creator, salt)), also the salt of CREATE2
         namespace  keccak256(abi_encode(factory, label))

     So nobody can take what another's salt stands for, and every address follows
     from creator, salt and set-up, before anything is there. A list of namespaces
     is all that is stored. Invariant GOV-10: docs/invariants.md.
@custom:security The factory is never an owner, a guardian or a minter, holds no ETH
     and is asked by nobody. It calls a foreign token only by static calls that may
     fail. A DAO is as honest as its token, its guardian and its first modules: the
     factory looks at a token once, when the DAO is created.
"""

from ...interfaces import IDaoFactory
from ...interfaces import IKernel
from ...interfaces import IVotesToken

implements: IDaoFactory

from ..lib import excluded_votes

GOVERNOR: constant(bytes32) = 0x676f7665726e616e63652e676f7665726e6f7200000000000000000000000000

# A module can be paused for 14 days: its owner has to be able to answer by then.
ANSWER_MAX: constant(uint256) = 13 * 86_400
THRESHOLD_SHARE: constant(uint256) = 10           # as the governor's, when a vote sets it
SUPPLY_LIMIT: constant(uint256) = 2**127          # for and against fit in 128 bits each
TOKEN_GAS: constant(uint256) = 500_000            # for one answer of a foreign token

MAX_HOLDERS: constant(uint256) = 128
MAX_MODULES: constant(uint256) = 15               # and the governor: what `claim` takes
MAX_PAGE: constant(uint256) = 32

# ERC-5202, and the most that may follow.
PREAMBLE: constant(Bytes[3]) = x"fe7100"
PREAMBLE_SIZE: constant(uint256) = 3
MAX_CODE: constant(uint256) = 24_573
# Encoded arguments of the constructors.
MAX_TIMELOCK: constant(uint256) = 416
MAX_TOKEN: constant(uint256) = 8_608
MAX_GOVERNOR: constant(uint256) = 416

# Init code of a contract that answers an address with the blueprint there, as
# Vyper reads foreign code only where its length is known to the compiler.
#   size = EXTCODESIZE(CALLDATALOAD(0)) - 3
#   EXTCODECOPY(CALLDATALOAD(0), 0, 3, size), RETURN(0, size)
READER: constant(Bytes[24]) = x"600f8060095f395ff360035f353b038060035f5f353c5ff3"

_KERNEL: immutable(IKernel)
_READER: immutable(address)
timelock_blueprint: public(immutable(address))
token_blueprint: public(immutable(address))
governor_blueprint: public(immutable(address))

_namespaces: DynArray[bytes32, 2**32]             # of all DAOs, in order of creation


@deploy
def __init__(kernel: address, timelock: address, token: address, governor: address):
    """
    @notice Fix what every DAO of this factory is made of.
    @param kernel The kernel; must have code.
    @param timelock A blueprint (ERC-5202) of Timelock.
    @param token A blueprint of VotesToken.
    @param governor A blueprint of Governor.
    """
    self._require(kernel.is_contract, "dao factory: kernel has no code")
    self._check_blueprint(timelock)
    self._check_blueprint(token)
    self._check_blueprint(governor)
    _KERNEL = IKernel(kernel)
    _READER = raw_create(READER)
    timelock_blueprint = timelock
    token_blueprint = token
    governor_blueprint = governor


# ----- for everybody -----

@external
def create(
    setup: IDaoFactory.Setup, token: IDaoFactory.NewToken, salt: bytes32
) -> IDaoFactory.Created:
    """
    @notice Open a DAO with a token of its own. Anyone may.
    @param setup Name and settings of the DAO, its guardian and its first modules:
           see IDaoFactory.Setup. Voting delay, voting period and the timelock's
           delay are at most 13 days together; the threshold is at most a tenth of
           the votes that count, which are all but the timelock's own.
    @param token The token and who gets it, at most 128 holders; each has to
           delegate before it can vote. Only the timelock can mint more, and the
           timelock's own tokens count in no quorum.
    @param salt Any, once for each creator.
    @return Where everything is.
    """
    ns: bytes32 = empty(bytes32)
    label: bytes32 = empty(bytes32)
    label, ns = self._begin(setup, salt)
    timelock: address = self._create_timelock(ns, setup, label)
    votes: address = create_from_blueprint(
        token_blueprint,
        self._token_arguments(timelock, token),
        raw_args=True,
        salt=label,
        code_offset=PREAMBLE_SIZE,
    )
    supply: uint256 = staticcall IVotesToken(votes).totalSupply()
    idle: uint256 = staticcall IVotesToken(votes).getVotes(excluded_votes.ACCOUNT)
    return self._finish(ns, label, setup, timelock, votes, supply - idle, salt)


@external
def create_with_token(
    setup: IDaoFactory.Setup, token: address, salt: bytes32
) -> IDaoFactory.Created:
    """
    @notice Open a DAO over a token that exists. Anyone may.
    @param setup As for `create`.
    @param token ERC-5805 with the clock "mode=timestamp", which answers for past
           votes and past supply, and of which there were fewer than 2**127 a
           second ago.
    @param salt Any, once for each creator.
    @return Where everything is.
    """
    ns: bytes32 = empty(bytes32)
    label: bytes32 = empty(bytes32)
    label, ns = self._begin(setup, salt)
    counting: uint256 = self._check_token(token)
    timelock: address = self._create_timelock(ns, setup, label)
    return self._finish(ns, label, setup, timelock, token, counting, salt)


# ----- views -----

@external
@view
def predict(
    creator: address, setup: IDaoFactory.Setup, token: IDaoFactory.NewToken, salt: bytes32
) -> IDaoFactory.Created:
    """
    @notice Where `create` puts everything (CREATE2, EIP-1014).
    @param creator Who will call it.
    @param setup As for `create`. Guardian, notice and modules move no address.
    @param token As for `create`.
    @param salt As for `create`.
    @return The namespace and the addresses, whether anything is there or not. What
            `create` would refuse is not looked at.
    """
    label: bytes32 = self._label(creator, salt)
    ns: bytes32 = self._namespace(label)
    timelock: address = self._timelock_address(ns, setup, label)
    votes: address = self._address(
        token_blueprint, self._token_arguments(timelock, token), label
    )
    return self._prediction(ns, label, setup, timelock, votes)


@external
@view
def predict_with_token(
    creator: address, setup: IDaoFactory.Setup, token: address, salt: bytes32
) -> IDaoFactory.Created:
    """
    @notice Where `create_with_token` puts everything (CREATE2, EIP-1014).
    @param creator Who will call it.
    @param setup As for `create`. Guardian, notice and modules move no address.
    @param token The token that exists.
    @param salt As for `create`.
    @return The namespace and the addresses, whether anything is there or not. What
            `create_with_token` would refuse is not looked at.
    """
    label: bytes32 = self._label(creator, salt)
    ns: bytes32 = self._namespace(label)
    return self._prediction(ns, label, setup, self._timelock_address(ns, setup, label), token)


@external
@view
def label_of(creator: address, salt: bytes32) -> bytes32:
    """
    @notice The label of a namespace, which is also the salt of its contracts.
    @param creator Who creates the DAO.
    @param salt The creator's salt.
    @return keccak256(abi_encode(creator, salt)).
    """
    return self._label(creator, salt)


@external
@view
def namespace_of(creator: address, salt: bytes32) -> bytes32:
    """
    @notice The namespace that a DAO has or would have: what its first modules are
            deployed for, before it exists.
    @param creator Who creates the DAO.
    @param salt The creator's salt.
    @return keccak256(abi_encode(this factory, label)).
    """
    return self._namespace(self._label(creator, salt))


@external
@view
def count() -> uint256:
    """
    @notice How many DAOs this factory has made.
    @return Their number.
    """
    return len(self._namespaces)


@external
@view
def page(start: uint256, rows: uint256) -> DynArray[IDaoFactory.Row, MAX_PAGE]:
    """
    @notice The DAOs of this factory, in order of creation, as the kernel knows them
            now: a DAO may have replaced its governor, or handed its namespace over.
    @param start The first place, from 0.
    @param rows How many at most, 1 to 32.
    @return The DAOs; empty past the end.
    """
    self._require(rows != 0 and rows <= MAX_PAGE, "dao factory: 1 to 32 rows")
    found: DynArray[IDaoFactory.Row, MAX_PAGE] = []
    total: uint256 = len(self._namespaces)
    for i: uint256 in range(rows, bound=MAX_PAGE):
        if start + i >= total:
            break
        ns: bytes32 = self._namespaces[start + i]
        governor: address = empty(address)
        version: uint256 = 0
        governor, version = staticcall _KERNEL.head(keccak256(abi_encode(ns, GOVERNOR)))
        owner: address = (staticcall _KERNEL.namespace(ns)).owner
        found.append(IDaoFactory.Row(namespace=ns, owner=owner, governor=governor))
    return found


@external
@view
def kernel() -> address:
    """
    @notice The kernel of all DAOs of this factory.
    @return Its address.
    """
    return _KERNEL.address


# ----- creation -----

@internal
@view
def _begin(setup: IDaoFactory.Setup, salt: bytes32) -> (bytes32, bytes32):
    label: bytes32 = self._label(msg.sender, salt)
    ns: bytes32 = self._namespace(label)
    self._require(
        (staticcall _KERNEL.namespace(ns)).claimed_at == 0, "dao factory: salt was used"
    )
    # Each by itself first, so that their sum cannot overflow.
    delay: uint256 = setup.settings.voting_delay
    period: uint256 = setup.settings.voting_period
    self._require(
        delay <= ANSWER_MAX
        and period <= ANSWER_MAX
        and setup.delay <= ANSWER_MAX
        and delay + period + setup.delay <= ANSWER_MAX,
        "dao factory: times over 13 days",
    )
    return label, ns


@internal
def _create_timelock(ns: bytes32, setup: IDaoFactory.Setup, label: bytes32) -> address:
    return create_from_blueprint(
        timelock_blueprint,
        self._timelock_arguments(ns, setup),
        raw_args=True,
        salt=label,
        code_offset=PREAMBLE_SIZE,
    )


@internal
def _finish(
    ns: bytes32,
    label: bytes32,
    setup: IDaoFactory.Setup,
    timelock: address,
    token: address,
    counting: uint256,
    salt: bytes32,
) -> IDaoFactory.Created:
    # A threshold that nobody reaches would leave a DAO that can do nothing, ever.
    self._require(
        setup.settings.threshold <= counting // THRESHOLD_SHARE, "dao factory: threshold too high"
    )
    governor: address = create_from_blueprint(
        governor_blueprint,
        self._governor_arguments(ns, setup, timelock, token),
        raw_args=True,
        salt=label,
        code_offset=PREAMBLE_SIZE,
    )
    self._namespaces.append(ns)
    log IDaoFactory.DaoCreated(
        namespace=ns,
        creator=msg.sender,
        token=token,
        timelock=timelock,
        governor=governor,
        salt=salt,
    )
    extcall _KERNEL.claim(
        label,
        timelock,
        setup.notice,
        setup.guardian,
        setup.guardian_until,
        self._first_changes(governor, setup.modules),
    )
    return IDaoFactory.Created(namespace=ns, timelock=timelock, token=token, governor=governor)


@internal
@view
def _first_changes(
    governor: address, modules: DynArray[IKernel.Change, MAX_MODULES]
) -> DynArray[IKernel.Change, MAX_MODULES + 1]:
    # The governor in its place: the kernel wants keys to ascend.
    changes: DynArray[IKernel.Change, MAX_MODULES + 1] = []
    office: IKernel.Change = IKernel.Change(
        key=GOVERNOR, module=governor, code_hash=governor.codehash, version=1
    )
    placed: bool = False
    for module: IKernel.Change in modules:
        self._require(module.key != GOVERNOR, "dao factory: governor is given")
        if not placed and convert(module.key, uint256) > convert(GOVERNOR, uint256):
            changes.append(office)
            placed = True
        changes.append(module)
    if not placed:
        changes.append(office)
    return changes


# ----- foreign tokens -----

@internal
@view
def _check_token(token: address) -> uint256:
    # Returns how many of its votes counted a second ago.
    self._require(token.codesize != 0, "dao factory: token has no code")
    self._require(slice(token.code, 0, 1) != b"\xef", "dao factory: not plain code")
    mode: Bytes[97] = self._ask(token, method_id("CLOCK_MODE()"))
    self._require(mode == abi_encode("mode=timestamp"), "dao factory: clock not timestamp")
    clock: uint256 = self._ask_number(token, method_id("clock()"))
    self._require(clock == block.timestamp, "dao factory: clock is wrong")
    before: uint256 = block.timestamp - 1
    supply: uint256 = self._ask_number(
        token, abi_encode(before, method_id=method_id("getPastTotalSupply(uint256)"))
    )
    self._require(supply < SUPPLY_LIMIT, "dao factory: no past supply")
    idle: uint256 = self._ask_number(
        token,
        abi_encode(
            excluded_votes.ACCOUNT, before, method_id=method_id("getPastVotes(address,uint256)")
        ),
    )
    self._require(idle <= supply, "dao factory: no past votes")
    return supply - idle


@internal
@view
def _ask_number(token: address, question: Bytes[68]) -> uint256:
    # The largest number for what is no answer: it is never a right one.
    answer: Bytes[97] = self._ask(token, question)
    if len(answer) != 32:
        return max_value(uint256)
    return extract32(answer, 0, output_type=uint256)


@internal
@view
def _ask(token: address, question: Bytes[68]) -> Bytes[97]:
    # One byte more than a right answer has, to see what is too long.
    success: bool = False
    answer: Bytes[97] = b""
    success, answer = raw_call(
        token,
        question,
        max_outsize=97,
        gas=TOKEN_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    return answer if success else b""


# ----- addresses -----

@internal
@pure
def _label(creator: address, salt: bytes32) -> bytes32:
    return keccak256(abi_encode(creator, salt))


@internal
@view
def _namespace(label: bytes32) -> bytes32:
    return keccak256(abi_encode(self, label))


@internal
@view
def _prediction(
    ns: bytes32, label: bytes32, setup: IDaoFactory.Setup, timelock: address, token: address
) -> IDaoFactory.Created:
    governor: address = self._address(
        governor_blueprint, self._governor_arguments(ns, setup, timelock, token), label
    )
    return IDaoFactory.Created(namespace=ns, timelock=timelock, token=token, governor=governor)


@internal
@view
def _timelock_address(ns: bytes32, setup: IDaoFactory.Setup, label: bytes32) -> address:
    return self._address(timelock_blueprint, self._timelock_arguments(ns, setup), label)


@internal
@view
def _address(blueprint: address, arguments: Bytes[MAX_TOKEN], label: bytes32) -> address:
    code: Bytes[MAX_CODE] = raw_call(
        _READER, abi_encode(blueprint), max_outsize=MAX_CODE, is_static_call=True
    )
    digest: bytes32 = keccak256(
        concat(0xff, convert(self, bytes20), label, keccak256(concat(code, arguments)))
    )
    return convert(convert(digest, uint256) & (2**160 - 1), address)


# ----- arguments of the constructors -----

@internal
@view
def _timelock_arguments(ns: bytes32, setup: IDaoFactory.Setup) -> Bytes[MAX_TIMELOCK]:
    return abi_encode(_KERNEL.address, ns, setup.delay, setup.uri)


@internal
@pure
def _token_arguments(timelock: address, token: IDaoFactory.NewToken) -> Bytes[MAX_TOKEN]:
    return abi_encode(
        timelock, token.name, token.symbol, token.cap, token.holders, token.amounts
    )


@internal
@view
def _governor_arguments(
    ns: bytes32, setup: IDaoFactory.Setup, timelock: address, token: address
) -> Bytes[MAX_GOVERNOR]:
    return abi_encode(_KERNEL.address, ns, token, timelock, setup.name, setup.settings)


# ----- checks -----

@internal
@view
def _check_blueprint(blueprint: address):
    self._require(blueprint.codesize > PREAMBLE_SIZE, "dao factory: not a blueprint")
    self._require(
        slice(blueprint.code, 0, PREAMBLE_SIZE) == PREAMBLE, "dao factory: not a blueprint"
    )


@internal
@pure
def _require(holds: bool, reason: String[32]):
    # A reason written at an assert costs 119 bytes of code, given to this one 60.
    assert holds, reason
