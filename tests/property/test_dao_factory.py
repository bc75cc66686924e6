"""Addresses of DAOs: what the design page says, for every creator, salt and set-up."""

import boa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.dao_factory import NewToken, Setup, create, deploy_factory, predicted
from tests.support.governance import DAY, HOUR, NOBODY, TOKENS, Settings

HOLDER = "0x" + "48" * 20
TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1)

creators = st.binary(min_size=20, max_size=20).filter(any).map(lambda b: "0x" + b.hex())
salts = st.binary(min_size=32, max_size=32)
setups = st.builds(
    Setup,
    name=TEXT.map(lambda text: text[:64]),
    uri=st.one_of(st.just(""), TEXT.map(lambda text: text[:256])),
    settings=st.builds(
        Settings,
        voting_delay=st.integers(HOUR, 4 * DAY),
        voting_period=st.integers(5 * DAY, 6 * DAY),
        threshold=st.integers(1, TOKENS),
        quorum_numerator=st.integers(1, 50),
        late_extension=st.integers(0, 5 * DAY),
    ),
    delay=st.integers(HOUR, 3 * DAY),
    notice=st.integers(0, 30 * DAY),
    guardian=st.just(NOBODY),
    guardian_until=st.just(0),
    modules=st.just(()),
)
tokens = st.builds(
    NewToken,
    holders=st.just((HOLDER,)),
    amounts=st.tuples(st.integers(10 * TOKENS, 100 * TOKENS)),
    name=TEXT.map(lambda text: text[:64]),
    symbol=TEXT.map(lambda text: text[:32]),
    cap=st.integers(100 * TOKENS, 2**96 - 1),
)


def test_a_dao_is_where_its_creator_salt_and_setup_say():
    factory = deploy_factory()

    @given(creator=creators, salt=salts, setup=setups, token=tokens)
    @settings(max_examples=12)
    def check(creator, salt, setup, token):
        with boa.env.anchor():
            said = predicted(factory, creator, salt, setup, token)
            assert tuple(factory.predict(creator, setup.astuple(), token.astuple(), salt)) == said
            dao = create(factory, creator, salt, setup, token)
            parts = (dao.timelock, dao.token, dao.governor)
            assert (dao.namespace, *(part.address for part in parts)) == said
            assert dao.kernel.namespace(dao.namespace).owner == dao.timelock.address
            assert dao.token.balanceOf(HOLDER) == sum(token.amounts)

    check()


def test_two_daos_never_collide():
    """Another creator, salt, set-up or token: other addresses, and the first two another name."""
    factory = deploy_factory()
    one = st.tuples(creators, salts, setups, tokens)

    @given(first=one, second=one, same=st.sets(st.sampled_from(range(4)), max_size=3))
    @settings(max_examples=25)
    def check(first, second, same):
        second = tuple(
            old if place in same else new
            for place, (old, new) in enumerate(zip(first, second, strict=True))
        )
        a, b = (
            factory.predict(creator, setup.astuple(), token.astuple(), salt)
            for creator, salt, setup, token in (first, second)
        )
        assert (a.namespace == b.namespace) == (first[:2] == second[:2])
        if first[:2] != second[:2]:
            assert not {a.timelock, a.token, a.governor} & {b.timelock, b.token, b.governor}

    check()
