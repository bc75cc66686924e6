# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title How a name is shown as a token
@license AGPL-3.0-only
@notice Makes the metadata of a name from its text alone: JSON with a picture that
        shows the name, in a data URI.
@dev Percent-encoded (RFC 3986), the picture within the JSON twice. Labels hold
     nothing that would have to be escaped: [a-z0-9-].
@custom:security Nothing is fetched from anywhere, so nobody can change or watch
     what a wallet shows.
"""

MAX_LABEL: constant(uint256) = 63
MAX_NAME: constant(uint256) = 639   # ten labels and nine dots
MAX_URI: constant(uint256) = 1709   # both texts and the name twice

WIDTH: constant(uint256) = 800      # of a text of size 1, in what the picture has room for
LARGEST: constant(uint256) = 56     # size of a short name

HEAD: constant(String[41]) = "data:application/json,%7B%22name%22%3A%22"
IMAGE: constant(String[50]) = "%22%2C%22image%22%3A%22data%3Aimage%2Fsvg%2Bxml%2C"
SVG: constant(String[57]) = "%253Csvg%2520xmlns='http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg'"
BOX: constant(String[43]) = "%2520viewBox='0%25200%2520512%2520512'%253E"
GROUND: constant(String[74]) = "%253Crect%2520width='512'%2520height='512'%2520fill='midnightblue'%2F%253E"
TEXT: constant(String[74]) = "%253Ctext%2520x='256'%2520y='264'%2520fill='gold'%2520text-anchor='middle'"
FONT: constant(String[44]) = "%2520font-family='monospace'%2520font-size='"
OPEN: constant(String[6]) = "'%253E"
TAIL: constant(String[39]) = "%253C%2Ftext%253E%253C%2Fsvg%253E%22%7D"


@internal
@pure
def _join(lower: String[MAX_NAME], upper: String[MAX_LABEL]) -> String[MAX_NAME]:
    return abi_decode(abi_encode(concat(lower, ".", upper)), String[MAX_NAME])


@internal
@pure
def _uri(name: String[MAX_NAME]) -> String[MAX_URI]:
    # The text of a long name is made smaller; a character is 0.6 of its size wide.
    size: uint8 = convert(min(LARGEST, WIDTH // max(len(name), 1)), uint8)
    return concat(
        HEAD, name, IMAGE, SVG, BOX, GROUND, TEXT, FONT, uint2str(size), OPEN, name, TAIL
    )
