import boa

from tests.support.names import COMMIT_MAX, ZERO32, Registration, now

COMMITMENT = b"\x01" * 32


def test_commit_keeps_its_time(world):
    world.names.commit(COMMITMENT)
    assert world.names.committed_at(COMMITMENT) == now()


def test_commit_again_while_live_changes_nothing(world):
    world.names.commit(COMMITMENT)
    made = now()
    boa.env.time_travel(seconds=COMMIT_MAX)
    world.names.commit(COMMITMENT)
    assert world.names.committed_at(COMMITMENT) == made


def test_commit_again_when_too_old_renews_it(world):
    world.names.commit(COMMITMENT)
    boa.env.time_travel(seconds=COMMIT_MAX + 1)
    world.names.commit(COMMITMENT)
    assert world.names.committed_at(COMMITMENT) == now()


def test_commit_zero_reverts(world):
    with boa.reverts("names: zero commitment"):
        world.names.commit(ZERO32)


def test_unknown_commitment_has_no_time(world):
    assert world.names.committed_at(COMMITMENT) == 0


def test_commitment_binds_every_field(world, owner, buyer):
    plain = Registration("alice", owner)
    changed = [
        plain._replace(label="alicf"),
        plain._replace(owner=buyer),
        plain._replace(duration=plain.duration + 1),
        plain._replace(resolver=buyer),
        plain._replace(data=(b"",)),
        plain._replace(data=(b"\x00",)),
        plain._replace(primary=True),
        plain._replace(max_price=plain.max_price - 1),
        plain._replace(secret=b"\x54" * 32),
    ]
    hashes = {world.names.commitment(other, owner) for other in changed}
    hashes.add(world.names.commitment(plain, owner))
    hashes.add(world.names.commitment(plain, buyer))
    assert len(hashes) == len(changed) + 2


def test_commitment_binds_chain_and_contract(world, owner):
    registration = Registration("alice", owner)
    here = world.names.commitment(registration, owner)
    with boa.env.anchor():
        boa.env.evm.patch.chain_id = 4242
        try:
            assert world.names.commitment(registration, owner) != here
        finally:
            boa.env.evm.patch.chain_id = 1
    copy = boa.env.generate_address("copy")
    boa.env.set_code(copy, boa.env.get_code(world.names.address))
    data = world.names.commitment.prepare_calldata(registration, owner)
    assert boa.env.execute_code(to_address=world.names.address, data=data).output == here
    assert boa.env.execute_code(to_address=copy, data=data).output != here
