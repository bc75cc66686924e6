"""The content address that `ipfs add` gives a file, computed without a node.

Kubo's default: chunks of 256 KiB as UnixFS leaves in dag-pb, balanced with at most
174 links per node, SHA-256, written as CIDv0.
"""

from dataclasses import dataclass

from multiformats import CID, multicodec, multihash, varint

CHUNK = 256 * 1024  # bytes per leaf
LINKS = 174  # links per node
FILE = 2  # UnixFS type


@dataclass(frozen=True)
class Node:
    digest: bytes  # multihash of the block
    size: int  # bytes of the file below this node
    total: int  # bytes of all blocks from this node down


def _number(field: int, number: int) -> bytes:
    return varint.encode(field << 3) + varint.encode(number)


def _bytes(field: int, content: bytes) -> bytes:
    return varint.encode(field << 3 | 2) + varint.encode(len(content)) + content


def _leaf(chunk: bytes) -> Node:
    content = _bytes(2, chunk) if chunk else b""
    block = _bytes(1, _number(1, FILE) + content + _number(3, len(chunk)))
    return Node(multihash.digest(block, "sha2-256"), len(chunk), len(block))


def _parent(children: list[Node]) -> Node:
    size = sum(child.size for child in children)
    links = b"".join(
        _bytes(2, _bytes(1, child.digest) + _bytes(2, b"") + _number(3, child.total))
        for child in children
    )
    sizes = b"".join(_number(4, child.size) for child in children)
    block = links + _bytes(1, _number(1, FILE) + _number(3, size) + sizes)
    total = len(block) + sum(child.total for child in children)
    return Node(multihash.digest(block, "sha2-256"), size, total)


def of_file(content: bytes) -> CID:
    """The CIDv0 of a file."""
    nodes = [_leaf(content[at : at + CHUNK]) for at in range(0, len(content), CHUNK)]
    nodes = nodes or [_leaf(b"")]
    while len(nodes) > 1:
        nodes = [_parent(nodes[at : at + LINKS]) for at in range(0, len(nodes), LINKS)]
    return CID("base58btc", 0, "dag-pb", nodes[0].digest)


def binary(cid: CID) -> bytes:
    """A CID as contracts keep it: version 1, 01 70 12 20 and the digest."""
    return bytes(cid.set(version=1))


def from_binary(content: bytes) -> CID:
    """The CIDv0 of a file from its CIDv1 in binary."""
    return CID.decode(bytes(content)).set(base="base58btc", version=0)


def contenthash(cid: CID) -> bytes:
    """The ENS content hash (ENSIP-7) of a CID: e301 and its binary form."""
    return multicodec.wrap("ipfs", binary(cid))


def from_contenthash(content: bytes) -> CID:
    """The CIDv0 that an ENS content hash names."""
    codec, cid = multicodec.unwrap(content)
    if codec.name != "ipfs":
        raise ValueError(f"expected an IPFS content hash, got {codec.name}")
    return from_binary(cid)
