import boa
import pytest

from tests.support.names import YEAR, base_price, events

PRICE = base_price(5, YEAR)


def test_sweep_sends_everything_to_the_treasury(world, node, stranger):
    boa.env.set_balance(world.names.address, PRICE + 7)  # somebody forced 7 wei in
    assert world.names.sweep(sender=stranger) == PRICE + 7
    assert boa.env.get_balance(world.names.address) == 0
    assert boa.env.get_balance(world.treasury.address) == PRICE + 7


def test_sweep_says_where_to(world, node):
    world.names.sweep()
    assert events(world.names) == [("Swept", world.treasury.address, PRICE)]


def test_sweep_nothing_reverts(world):
    with boa.reverts("names: nothing to sweep"):
        world.names.sweep()


@pytest.mark.parametrize("how", ["missing", "paused", "refusing"])
def test_sweep_waits_for_a_treasury_and_stops_nothing_else(world, node, owner, buyer, how):
    if how == "missing":
        world.point("treasury", None)
    elif how == "paused":
        world.pause("treasury")
    else:
        world.treasury.set_refuses(True)
    reason = "names: treasury refuses" if how == "refusing" else "names: no treasury"
    with boa.reverts(reason):
        world.names.sweep()
    world.register("other", buyer)
    world.renew("alice")
    assert boa.env.get_balance(world.names.address) == 3 * PRICE
