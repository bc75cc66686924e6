import boa

from tests.support.access import DAY, ZERO, logged


def test_ownership_passes_in_two_steps(collection, owner, friend):
    collection.transferOwnership(friend, sender=owner)
    assert logged(collection) == [("OwnershipTransferStarted", owner, friend)]
    assert (collection.owner(), collection.pendingOwner()) == (owner, friend)
    before = collection.collection()
    collection.acceptOwnership(sender=friend)
    assert logged(collection) == [("OwnershipTransferred", owner, friend)]
    assert (collection.owner(), collection.pendingOwner()) == (friend, ZERO)
    after = collection.collection()
    assert after == before._replace(owner=friend, pending_owner=ZERO, epoch=2)
    collection.set_price(1, 0, sender=friend)
    with boa.reverts("pass: not owner"):
        collection.set_price(1, 0, sender=owner)


def test_hand_over_voids_the_announced_revenue(collection, owner, friend, stranger):
    collection.transferOwnership(friend, sender=owner)
    collection.announce_revenue(stranger, sender=owner)
    collection.acceptOwnership(sender=friend)
    boa.env.time_travel(seconds=7 * DAY)
    with boa.reverts("pass: nothing announced"):
        collection.apply_revenue(sender=owner)


def test_accept_by_another_reverts(collection, owner, friend, stranger):
    collection.transferOwnership(friend, sender=owner)
    for account in (owner, stranger):
        with boa.reverts("pass: not candidate"):
            collection.acceptOwnership(sender=account)


def test_offer_is_withdrawn(collection, owner, friend):
    collection.transferOwnership(friend, sender=owner)
    collection.transferOwnership(ZERO, sender=owner)
    with boa.reverts("pass: not candidate"):
        collection.acceptOwnership(sender=friend)


def test_offer_by_stranger_reverts(collection, stranger):
    with boa.reverts("pass: not owner"):
        collection.transferOwnership(stranger, sender=stranger)
