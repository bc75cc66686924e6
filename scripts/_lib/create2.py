"""The keyless CREATE2 deployer: the same bytes get the same address on every chain.

It is put on a chain by a transaction without a sender's key: its signature was chosen,
not made (https://github.com/Arachnid/deterministic-deployment-proxy). The transaction
carries no chain id, so whoever funds its signer can send it anywhere.
"""

from ape import chain
from ape.api import AccountAPI, ReceiptAPI
from eth_utils import keccak, to_checksum_address

DEPLOYER = "0x4e59b44847b379578588920cA78FbF26c0B4956C"
DEPLOYER_CODE_HASH = "0x2fa86add0aed31f33a762c9d88e807c475bd51d0f52bd0955754b2608f7e4989"
SIGNER = "0x3fAB184622Dc19b6109349B94811493BF2a45362"
SIGNER_FUNDS = 10**16  # wei: 100,000 gas at 100 gwei, as signed
CREATION = (
    "0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffff"
    "ffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015"
    "156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222"
    "222222222222222222222222a022222222222222222222222222222222222222222222222222222222"
    "22222222"
)
SALT = bytes(32)  # constructor arguments already tell namespaces apart


def address_of(init_code: bytes, salt: bytes = SALT) -> str:
    """Where the deployer puts this init code (EIP-1014)."""
    return address_from_hash(keccak(init_code), salt)


def address_from_hash(init_code_hash: bytes, salt: bytes, creator: str = DEPLOYER) -> str:
    seed = b"\xff" + bytes.fromhex(creator[2:]) + salt + init_code_hash
    return to_checksum_address(keccak(seed)[12:])


def deploy(sender: AccountAPI, init_code: bytes, salt: bytes = SALT) -> ReceiptAPI:
    """Send init code to the deployer. Its address is known before: `address_of`."""
    transaction = chain.provider.network.ecosystem.create_transaction(
        receiver=DEPLOYER, data=salt + init_code
    )
    return sender.call(transaction)
