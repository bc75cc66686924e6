# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Votes that do not count
@license AGPL-3.0-only
@notice Who delegates to this account takes the votes out of the quorum's base:
        treasuries, vesting contracts and bridges that will never vote.
@dev Nobody can sign or call for it: the address is the text "uraeus.excluded".
"""

ACCOUNT: constant(address) = 0x00000000007572616575732E6578636c75646564


@external
@view
def excluded() -> address:
    """
    @notice The delegate whose votes do not count, neither in a vote nor in the
            base of the quorum.
    @return The constant account.
    """
    return ACCOUNT
