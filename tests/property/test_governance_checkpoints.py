"""Past votes against a list of what was: any steps in time, any second asked for."""

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.compiled import deployer

STEPS = st.lists(
    st.tuples(st.sampled_from([0, 0, 1, 1, 2, 7, 1_000]), st.integers(0, 50)), max_size=40
)


@pytest.fixture(scope="module")
def votes():
    holder, delegate = boa.env.generate_address("holder"), boa.env.generate_address("delegate")
    made = deployer("VotesToken").deploy(holder, "Votes", "V", 10_000, [holder], [10_000])
    made.delegate(delegate, sender=delegate)
    boa.env.time_travel(seconds=1)
    return made, holder, delegate


@settings(max_examples=25)
@given(steps=STEPS, data=st.data())
def test_past_votes_are_what_the_last_change_at_or_before_made_them(votes, steps, data):
    token, holder, delegate = votes
    with boa.env.anchor():
        start, known = boa.env.timestamp, {}
        for gap, amount in steps:
            boa.env.time_travel(seconds=gap)
            current = token.balanceOf(delegate)
            if amount > current:
                token.transfer(delegate, amount - current, sender=holder)
            else:
                token.transfer(holder, current - amount, sender=delegate)
            known[boa.env.timestamp] = amount
        boa.env.time_travel(seconds=1)
        asked = data.draw(st.sets(st.integers(start - 2, boa.env.timestamp - 1), max_size=15))
        for second in asked | known.keys():
            before = [when for when in known if when <= second]
            expected = known[max(before)] if before else 0
            assert token.getPastVotes(delegate, second) == expected
