"""Whole-transaction gas of the kernel, beside the targets of its design page."""

import boa
import pytest

from tests.support import snapshot
from tests.support.compiled import deployer
from tests.support.gas import transaction
from tests.support.kernel import (
    DAY,
    ZERO,
    ZERO32,
    change,
    claim,
    deploy_kernel,
    deploy_module,
    entry_id,
    key,
    removal,
)

pytestmark = pytest.mark.no_anchor

FIRST, SECOND = key("names.pricing"), key("treasury")


def measure(operation: str, call, *args, **kwargs) -> None:
    with transaction() as measured:
        call(*args, **kwargs)
    snapshot.check("kernel", operation, measured.gas)


class Scene:
    """A kernel, and a namespace without notice, keys and guardian."""

    def __init__(self, notice: int = 0) -> None:
        self.kernel = deploy_kernel()
        self.owner = boa.env.generate_address()
        self.modules = [deploy_module(number) for number in range(3)]
        self.ns = claim(self.kernel, self.owner, self.owner, notice=notice)
        self.salt = b"\x5a" * 32

    def schedule(self, *changes, confirm: bool = False) -> tuple:
        self.kernel.schedule(self.ns, list(changes), self.salt, confirm, sender=self.owner)
        return (self.ns, list(changes), self.salt)

    def upgrade(self, *changes) -> tuple:
        told = self.schedule(*changes)
        self.kernel.apply(*told)
        return told


def test_look_up():
    scene = Scene()
    scene.upgrade(change(FIRST, scene.modules[0]))
    user = deployer("KernelUser").deploy(scene.kernel.address, scene.ns)
    with transaction():
        once, again = user.cost(entry_id(scene.ns, FIRST))
    snapshot.check("kernel", "module(id) from a contract, first in a transaction", once)
    snapshot.check("kernel", "module(id) from a contract, next in a transaction", again)


def test_schedule():
    scene = Scene(notice=2 * DAY)
    item = change(FIRST, scene.modules[0])
    told = (scene.ns, [item], scene.salt, False)
    measure("schedule, 1 change", scene.kernel.schedule, *told, sender=scene.owner)


def test_apply():
    scene = Scene()
    apply, modules = scene.kernel.apply, scene.modules
    measure("apply, a namespace's first key", apply, *scene.schedule(change(FIRST, modules[0])))
    measure("apply, new entry", apply, *scene.schedule(change(SECOND, modules[0])))
    measure("apply, first replacement", apply, *scene.schedule(change(FIRST, modules[1], 2)))
    measure("apply, later replacement", apply, *scene.schedule(change(FIRST, modules[2], 3)))
    both = [change(FIRST, modules[0], 4), change(SECOND, modules[1], 2)]
    measure("apply, 2 replacements", apply, *scene.schedule(*both))
    measure("apply, removal", apply, *scene.schedule(removal(FIRST, 5)))


def test_claim():
    kernel, owner = deploy_kernel(), boa.env.generate_address()
    guardian = boa.env.generate_address()
    module = deploy_module(0)
    changes = [change(key(f"module.{number}"), module) for number in range(6)]
    label, until = key("system"), boa.env.timestamp + 300 * DAY
    measure("claim, no entry, no guardian", kernel.claim, label, owner, DAY, ZERO, 0, [])
    label = key("studio")
    measure("claim, 6 entries, guardian", kernel.claim, label, owner, DAY, guardian, until, changes)


def test_undo():
    scene = Scene()
    scene.upgrade(change(FIRST, scene.modules[0]))
    told = scene.upgrade(change(FIRST, scene.modules[1], 2))
    measure("rollback, 1 change", scene.kernel.rollback, *told, sender=scene.owner)
    kernel, ns, owner = scene.kernel, scene.ns, scene.owner
    measure("pause", kernel.pause, ns, FIRST, DAY, sender=owner)
    measure("unpause", kernel.unpause, ns, FIRST, sender=owner)
    measure("freeze", kernel.freeze, ns, FIRST, sender=owner)


def test_hand_over():
    scene = Scene()
    candidate = boa.env.generate_address()
    kernel, ns = scene.kernel, scene.ns
    measure("propose_owner", kernel.propose_owner, ns, candidate, ZERO32, sender=scene.owner)
    measure("accept_owner", kernel.accept_owner, ns, ZERO32, sender=candidate)
