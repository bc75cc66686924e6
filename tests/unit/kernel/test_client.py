"""contracts/lib/kernel_client.vy, through a contract that uses it."""

from contextlib import suppress

import boa
import pytest

from tests.support.compiled import deployer
from tests.support.kernel import DAY, ZERO, ZERO32, change, key, removal, reverts, upgrade


@pytest.fixture
def user(kernel, ns):
    return deployer("KernelUser").deploy(kernel.address, ns)


def test_it_tells_where_it_belongs(user, kernel, ns):
    assert (user.kernel(), user.namespace()) == (kernel.address, ns)


def test_a_kernel_without_code_reverts(stranger):
    for account in (stranger, ZERO):
        with boa.reverts("client: kernel has no code"):
            deployer("KernelUser").deploy(account, key("system"))


def test_a_zero_namespace_reverts(kernel):
    with boa.reverts("client: zero namespace"):
        deployer("KernelUser").deploy(kernel.address, ZERO32)


def test_it_is_deployed_before_its_namespace_is_claimed(kernel):
    user = deployer("KernelUser").deploy(kernel.address, key("later"))
    assert user.try_use(key("a")) == ZERO
    assert user.authority(key("a")) == (ZERO, 0)
    with reverts("kernel: no module"):
        user.use(key("a"))


def test_it_finds_a_module(user, keys, modules):
    assert user.use(keys[0]) == user.try_use(keys[0]) == modules[0].address
    assert user.authority(keys[0]) == (modules[0].address, 1)


def test_it_sees_a_new_module_at_once(user, kernel, ns, owner, keys, modules):
    upgrade(kernel, ns, owner, [change(keys[0], modules[2], 2)])
    assert user.use(keys[0]) == user.try_use(keys[0]) == modules[2].address
    assert user.authority(keys[0]) == (modules[2].address, 2)


def test_a_pause_stops_use_and_not_authority(user, kernel, ns, guardian, keys, modules):
    kernel.pause(ns, keys[0], DAY, sender=guardian)
    with reverts("kernel: paused"):
        user.use(keys[0])
    assert user.try_use(keys[0]) == ZERO
    assert user.authority(keys[0]) == (modules[0].address, 1)


def test_a_removed_module(user, kernel, ns, owner, keys):
    upgrade(kernel, ns, owner, [removal(keys[0], 2)])
    with reverts("kernel: no module"):
        user.use(keys[0])
    assert user.try_use(keys[0]) == ZERO
    assert user.authority(keys[0]) == (ZERO, 2)


@pytest.mark.parametrize(
    "answer",
    ["", "00" * 31, "ff" * 32, "00" * 33, "00" * 11 + "01" + "11" * 20],
    ids=["nothing", "short", "no address", "long", "dirty"],
)
def test_a_kernel_that_answers_nonsense_misleads_nobody(user, kernel, keys, answer):
    """Cannot happen with the kernel's own code; then a look-up ends, or finds nothing."""
    answer_always(kernel, bytes.fromhex(answer))
    for look_up in (user.use, user.try_use):
        with suppress(boa.BoaError):
            assert look_up(keys[0]) == ZERO


@pytest.mark.parametrize("size", [0, 31])
def test_an_answer_that_is_too_short_is_none(user, kernel, keys, size):
    answer_always(kernel, b"\1" * size)
    assert user.try_use(keys[0]) == ZERO


def answer_always(kernel, data):
    size = f"{len(data):02x}"
    returns_what_follows = bytes.fromhex(f"60{size}600a5f3960{size}5ff3")
    boa.env.set_code(kernel.address, returns_what_follows + data)
