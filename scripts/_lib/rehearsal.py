"""Deploy a plan on a chain in memory, to learn which code has to be where.

Constructors depend on nothing but their bytes, so the code there, immutables
included, is the code on every chain.
"""

from collections.abc import Iterable

from eth_tester import EthereumTester, PyEVMBackend

from scripts._lib import create2
from scripts._lib.plan import Part
from scripts._lib.refusal import Refusal

GAS = 16_777_216  # the most that one transaction may use (EIP-7825)


def codes(parts: Iterable[Part]) -> dict[str, bytes]:
    """The code that each part gets, by name."""
    parts = list(parts)
    chain = EthereumTester(PyEVMBackend())
    payer = chain.get_accounts()[0]
    chain.send_transaction(
        {"from": payer, "to": create2.SIGNER, "value": create2.SIGNER_FUNDS, "gas": 21_000}
    )
    chain.send_raw_transaction(create2.CREATION)
    for part in parts:
        if part.init_code is not None:
            data = "0x" + (create2.SALT + part.init_code).hex()
            chain.send_transaction(
                {"from": payer, "to": create2.DEPLOYER, "data": data, "gas": GAS}
            )
    found = {part.name: bytes.fromhex(chain.get_code(part.address)[2:]) for part in parts}
    for name, code in found.items():
        if not code:
            raise Refusal(f"The constructor of {name} refuses its arguments: check the settings.")
    return found
