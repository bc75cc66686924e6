# SPDX-License-Identifier: AGPL-3.0-only
# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title PassRenderer
@license AGPL-3.0-only
@notice Describes passes and their collections to wallets and markets: JSON with a
        picture (SVG), all of it on chain, or where the creator keeps its own.
@dev One for all collections, without storage and without an owner. All it is told by
     a creator are a name, a symbol and a base URI. In base64 nothing needs escaping
     a second time; texts are filled up with spaces to whole words, so that there is
     never a padding.
@custom:security Names are any bytes. What is not UTF-8 (RFC 3629), or not a character
     of XML 1.0, is shown as a question mark, controls as a space, and whatever means
     something in JSON, XML or HTML is escaped, so that nobody who pastes the JSON
     into a page runs a creator's script. A base URI is the creator's own, and is
     handed on as it is.
"""

from ...interfaces import IPass
from ...interfaces import IPassRenderer

implements: IPassRenderer

NO_EXPIRY: constant(uint256) = 2**40 - 1
MASK_32: constant(uint256) = 2**32 - 1

# Bytes. Of 64 bytes, each may become 6.
MAX_NAME: constant(uint256) = 64
MAX_ESCAPED: constant(uint256) = 448                 # and the two words of an encoding
MAX_SVG: constant(uint256) = 1_800
MAX_PICTURE: constant(uint256) = 2_500               # 4/3 of it, and a bit
MAX_TEXT: constant(uint256) = 3_840                  # of JSON, with its picture
MAX_WORDS: constant(uint256) = 160                   # of it in base64
MAX_BASE64: constant(uint256) = 5_184                # 4/3 of it, and the two words
MAX_URI: constant(uint256) = 5_216
CHUNK: constant(uint256) = 24                        # bytes; as base64 they are one word

# A byte in each of the 32 bytes of a word.
LANES: constant(uint256) = max_value(uint256) // 255

# ASCII.
SPACE: constant(uint256) = 32
QUESTION: constant(uint256) = 63
BACKSLASH: constant(uint256) = 92
DELETE: constant(uint256) = 127
MARKUP: constant(uint256[5]) = [34, 38, 39, 60, 62]  # " & ' < >
REFERENCE: constant(uint256) = (38 << 32) | (35 << 24) | 59                        # &#00;
UNICODE: constant(uint256) = (92 << 40) | (117 << 32) | (48 << 24) | (48 << 16)    # \u0000


# ----- views -----

@external
@view
def token_uri(collection: address, id: uint256) -> String[MAX_URI]:
    """
    @notice The metadata of a pass, as ERC-721 and markets know it.
    @param collection A Pass.
    @param id One of its passes; reverts for an unknown one.
    @return A data URI of JSON; or the base URI and the id if there is a base URI.
    """
    expiry: uint256 = convert(staticcall IPass(collection).expiresAt(id), uint256)
    base: String[256] = staticcall IPass(collection).base_uri()
    if len(base) != 0:
        return concat(base, uint2str(id))
    name: String[64] = staticcall IPass(collection).name()
    number: String[160] = concat(uint2str(id >> 32), "-", uint2str(id & MASK_32))
    until: String[200] = self._until(expiry)
    bound: String[3] = "no"
    if staticcall IPass(collection).locked(id):
        bound = "yes"
    return self._json_uri(
        concat(
            '{"name":"',
            self._escaped(name, True),
            " #",
            number,
            '","description":"A pass: ',
            until,
            '.","attributes":[{"trait_type":"Plan","value":"',
            uint2str(id >> 32),
            '"},{"trait_type":"Expires","display_type":"date","value":',
            uint2str(expiry),
            '},{"trait_type":"Soulbound","value":"',
            bound,
            '"}],"image":"',
            self._picture(collection, name, concat("#", number), until),
            '"}',
        )
    )


@external
@view
def contract_uri(collection: address) -> String[MAX_URI]:
    """
    @notice A collection's metadata (ERC-7572).
    @param collection A Pass.
    @return A data URI of JSON; or the base URI and "collection" if there is a base URI.
    """
    base: String[256] = staticcall IPass(collection).base_uri()
    if len(base) != 0:
        return concat(base, "collection")
    name: String[64] = staticcall IPass(collection).name()
    symbol: String[64] = staticcall IPass(collection).symbol()
    return self._json_uri(
        concat(
            '{"name":"',
            self._escaped(name, True),
            '","symbol":"',
            self._escaped(symbol, True),
            '","description":"Passes that let their holders in until they expire.","image":"',
            self._picture(collection, name, self._escaped(symbol, False), ""),
            '"}',
        )
    )


# ----- inside -----

@internal
@pure
def _json_uri(json: String[MAX_TEXT]) -> String[MAX_URI]:
    return concat("data:application/json;base64,", self._base64(json))


@internal
@pure
def _picture(
    collection: address, name: String[64], number: String[MAX_ESCAPED], until: String[200]
) -> String[MAX_PICTURE]:
    # In a colour of the collection's. Long names shrink to the width.
    fit: String[52] = ""
    if len(name) > 18:
        fit = ' textLength="340" lengthAdjust="spacingAndGlyphs"'
    hue: String[78] = uint2str(convert(collection, uint256) % 360)
    svg: String[MAX_SVG] = concat(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">',
        '<rect width="400" height="400" rx="24" fill="hsl(',
        hue,
        ',45%,22%)"/><g fill="#fff" font-family="sans-serif"><text x="30" y="70" font-size="36"',
        fit,
        ">",
        self._escaped(name, False),
        '</text><text x="30" y="340" font-size="22">',
        number,
        '</text><text x="30" y="372" font-size="16" opacity=".7">',
        until,
        "</text></g></svg>",
    )
    uri: Bytes[5_376] = abi_encode(concat("data:image/svg+xml;base64,", self._base64(svg)))
    return abi_decode(uri, String[MAX_PICTURE])


@internal
@pure
def _until(expiry: uint256) -> String[200]:
    # The day by the civil calendar (Howard Hinnant, "chrono-compatible date algorithms").
    if expiry == NO_EXPIRY:
        return "never expires"
    days: uint256 = expiry // 86_400 + 719_468           # since 1 March of year 0
    era: uint256 = days // 146_097
    day: uint256 = days % 146_097
    year: uint256 = (day - day // 1_460 + day // 36_524 - day // 146_096) // 365
    day -= 365 * year + year // 4 - year // 100
    month: uint256 = (5 * day + 2) // 153                # from March
    day -= (153 * month + 2) // 5
    year += era * 400
    if month >= 10:
        year += 1
    return concat(
        "until ",
        uint2str(year),
        "-",
        self._two_digits((month + 2) % 12 + 1),
        "-",
        self._two_digits(day + 1),
        " UTC",
    )


@internal
@pure
def _two_digits(number: uint256) -> String[2]:
    return slice(uint2str(100 + number), 1, 2)


@internal
@pure
def _escaped(text: String[MAX_NAME], in_json: bool) -> String[MAX_ESCAPED]:
    data: Bytes[MAX_NAME] = convert(text, Bytes[MAX_NAME])
    words: DynArray[uint256, 12] = []
    word: uint256 = 0
    size: uint256 = 0                  # bytes written
    rest: uint256 = 0                  # bytes of the present character
    for i: uint256 in range(len(data), bound=MAX_NAME):
        if rest == 0:
            rest = self._character(data, i)
        piece: uint256 = QUESTION
        length: uint256 = 1
        if rest != 0:
            rest -= 1
            piece, length = self._piece(self._byte(data, i), in_json)
        for j: uint256 in range(length, bound=6):
            word = (word << 8) | ((piece >> (8 * (length - 1 - j))) & 255)
            size += 1
            if size % 32 == 0:
                words.append(word)
                word = 0
    if size % 32 != 0:
        words.append(word << (256 - 8 * (size % 32)))
    return convert(slice(abi_encode(words), 64, size), String[MAX_ESCAPED])


@internal
@pure
def _piece(byte: uint256, in_json: bool) -> (uint256, uint256):
    # What stands for a byte: up to 6 bytes, and how many.
    if byte < SPACE or byte == DELETE:
        return SPACE, 1
    if not (byte in MARKUP or (in_json and byte == BACKSLASH)):
        return byte, 1
    if not in_json:                                      # &#38;
        return REFERENCE | ((48 + byte // 10) << 16) | ((48 + byte % 10) << 8), 5
    digit: uint256 = 48 + byte % 16                      # \u0026
    if byte % 16 > 9:
        digit += 39
    return UNICODE | ((48 + byte // 16) << 8) | digit, 6


@internal
@pure
def _character(data: Bytes[MAX_NAME], at: uint256) -> uint256:
    # The bytes of the character that begins there; 0 if none does, or XML has it not.
    lead: uint256 = self._byte(data, at)
    if lead < 128:
        return 1
    size: uint256 = 2
    if lead >= 224:
        size = 3
    if lead >= 240:
        size = 4
    if lead < 194 or lead > 244 or at + size > len(data):
        return 0
    for i: uint256 in range(1, size, bound=3):
        if self._byte(data, at + i) // 64 != 2:          # 10xxxxxx
            return 0
    second: uint256 = self._byte(data, at + 1)
    overlong: bool = (lead == 224 and second < 160) or (lead == 240 and second < 144)
    surrogate: bool = lead == 237 and second > 159
    beyond: bool = lead == 244 and second > 143          # U+10FFFF
    if overlong or surrogate or beyond:
        return 0
    if lead == 239 and second == 191 and self._byte(data, at + 2) >= 190:
        return 0                                         # U+FFFE and U+FFFF
    return size


@internal
@pure
def _byte(data: Bytes[MAX_NAME], at: uint256) -> uint256:
    return convert(slice(data, at, 1), uint256)


@internal
@pure
def _base64(text: String[MAX_TEXT]) -> String[MAX_BASE64]:
    # Whole words only: spaces at the end mean nothing in JSON and SVG.
    data: String[3_872] = concat(text, "                                ")
    count: uint256 = (len(text) + CHUNK - 1) // CHUNK
    words: DynArray[uint256, MAX_WORDS] = []
    for i: uint256 in range(count, bound=MAX_WORDS):
        chunk: uint256 = convert(convert(slice(data, i * CHUNK, CHUNK), Bytes[24]), uint256)
        words.append(self._base64_word(chunk))
    return convert(slice(abi_encode(words), 64, 32 * count), String[MAX_BASE64])


@internal
@pure
def _base64_word(chunk: uint256) -> uint256:
    # 24 bytes as 32 digits, all at once: halves are moved apart until each 6 bits
    # have a byte of their own, and then become ASCII.
    lanes: uint256 = (chunk & (2**96 - 1)) | ((chunk >> 96) << 128)
    lanes = self._apart(lanes, 48, 64)
    lanes = self._apart(lanes, 24, 32)
    lanes = self._apart(lanes, 12, 16)
    lanes = self._apart(lanes, 6, 8)
    # A-Z, a-z from 26, 0-9 from 52, + at 62, / at 63; no byte overflows
    return (
        lanes
        + 65 * LANES
        + 6 * self._from(lanes, 26)
        - 75 * self._from(lanes, 52)
        - 15 * self._from(lanes, 62)
        + 3 * self._from(lanes, 63)
    )


@internal
@pure
def _apart(lanes: uint256, bits: uint256, width: uint256) -> uint256:
    # In each pair of widths: its upper half of bits goes to the upper width.
    low: uint256 = max_value(uint256) // (2**(2 * width) - 1) * (2**bits - 1)
    return (lanes & low) | ((lanes & (low << bits)) << (width - bits))


@internal
@pure
def _from(lanes: uint256, least: uint256) -> uint256:
    # 1 in each byte that is at least so much; bytes are below 64.
    return ((lanes + (128 - least) * LANES) >> 7) & LANES
