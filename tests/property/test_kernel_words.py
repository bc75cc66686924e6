"""Packed fields never bleed into each other, ids are as documented, pages are slices."""

import boa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.kernel import (
    GUARDIAN_MAX,
    MAX_PAGE,
    NOTICE_MAX,
    PAUSE_MAX,
    ZERO,
    ZERO32,
    Change,
    changes_id,
    claim,
    deploy_kernel,
    deploy_module,
    entry_id,
    key,
    live_hash,
    upgrade,
)

words = st.binary(min_size=32, max_size=32)
not_zero = words.filter(any)
addresses = st.one_of(
    st.binary(min_size=20, max_size=20).filter(any),
    st.sampled_from([b"\xff" * 20, b"\x00" * 19 + b"\x01", b"\x80" + b"\x00" * 19]),
).map(boa.util.abi.Address)


def nasty(low: int, high: int):
    return st.one_of(st.sampled_from([low, low + 1, high - 1, high]), st.integers(low, high))


@settings(max_examples=60)
@given(
    claimer=addresses, label=not_zero, owner=addresses, guardian=addresses,
    notice=nasty(0, NOTICE_MAX), term=nasty(1, GUARDIAN_MAX), name=not_zero,
    duration=nasty(1, PAUSE_MAX), time=nasty(0, 2**40 - 2**33),
)  # fmt: skip
def test_fields_keep_apart(claimer, label, owner, guardian, notice, term, name, duration, time):
    with boa.env.anchor():
        boa.env.timestamp += time  # tens of thousands of years: 40 bits of seconds
        kernel, module = deploy_kernel(), deploy_module(1)
        now = boa.env.timestamp
        ns = claim(
            kernel, claimer, owner, {name: module}, label=label, notice=notice,
            guardian=guardian, until=now + term,
        )  # fmt: skip
        seen = (owner, 1, notice, now, claimer, label, guardian, now + term, 1)
        assert tuple(kernel.namespace(ns)) == seen
        kernel.pause(ns, name, duration, sender=guardian)
        code_hash = live_hash(module.address)
        rest = (ZERO, ZERO32, 0)
        expected = (module.address, 1, code_hash, *rest, now + duration, False)
        assert tuple(kernel.entry(entry_id(ns, name))) == expected
        boa.env.time_travel(seconds=duration)
        kernel.freeze(ns, name, sender=owner)
        assert tuple(kernel.entry(entry_id(ns, name))) == (*expected[:-1], True)
        assert kernel.head(entry_id(ns, name)) == (module.address, 1)
        assert tuple(kernel.namespace(ns)) == seen


changes = st.builds(Change, words, addresses.map(str), words, st.integers(0, 2**256 - 1))


@settings(max_examples=60)
@given(ns=words, told=st.lists(changes, max_size=16), salt=words)
def test_ids_bind_every_field(ns, told, salt):
    """Of a namespace that nobody claimed the epoch is 0."""
    with boa.env.anchor():
        kernel = deploy_kernel()
        assert kernel.operation_id(ns, told, salt) == changes_id(ns, 0, told, salt)


@settings(max_examples=40)
@given(
    keys=st.integers(0, 40), start=st.one_of(nasty(0, 45), st.integers(0, 2**256 - 1)),
    count=nasty(1, MAX_PAGE),
)  # fmt: skip
def test_a_page_is_a_slice(keys, start, count):
    with boa.env.anchor():
        kernel, module, owner = deploy_kernel(), deploy_module(1), boa.env.generate_address()
        ns = claim(kernel, owner, owner)
        names = [key(f"k{number:02}") for number in range(keys)]
        code_hash = live_hash(module.address)
        for at in range(0, keys, 16):
            batch = [Change(name, module.address, code_hash, 1) for name in names[at : at + 16]]
            upgrade(kernel, ns, owner, batch)
        rows = kernel.page(ns, start, count)
        assert [row.key for row in rows] == names[start : start + count]
