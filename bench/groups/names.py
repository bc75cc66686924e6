"""Names: registered, renewed, pointed at an address, sold. ENS's own figures are recorded ones."""

from bench.book import Book
from bench.chain import Chain
from bench.contracts import blueprint, ours
from bench.governance import CHANGE, deploy_kernel
from tests.support.compiled import deployer
from tests.support.governance import LABEL, NOBODY, namespace_of
from tests.support.names import (
    COMMIT_MIN,
    PREMIUM_START,
    RATES,
    YEAR,
    Registration,
    namehash,
    token,
)

REGISTRATION = "(string,address,uint256,address,bytes[],bool,uint256,bytes32)"
PRICE = 10**18  # the most that is paid, wei; what is too much comes back


def play(chain: Chain, book: Book) -> None:
    admin, owner, other = chain.account(), chain.account(), chain.account()
    names = deploy(chain, admin)
    resolver = chain.ask(names, "default_resolver()", "address")

    bare = Registration("alices", owner, YEAR, max_price=PRICE)
    register(chain, book, names, bare, "register")
    full = Registration("others", other, YEAR, primary=True, max_price=PRICE)
    register(chain, book, names, full, "register, with a primary name")

    node = namehash("alices.os")
    point = "setAddr(bytes32,address)"
    sent = chain.send(owner, resolver, point, node, other)
    book.note("set the address, first", "uraeus", sent)
    sent = chain.send(owner, resolver, point, node, admin)
    book.note("set the address, change", "uraeus", sent)
    text = ("setText(bytes32,string,string)", node, "avatar", "x" * 20)
    book.note("set a text of 20 bytes, first", "uraeus", chain.send(owner, resolver, *text))

    price = chain.ask(names, "renewal_price(string,uint256)", "(uint256,uint256)", "alices", YEAR)
    renew = ("renew(string,uint256)", "alices", YEAR)
    book.note("renew", "uraeus", chain.send(owner, names, *renew, value=price[0]))

    new = chain.account()
    move = ("transferFrom(address,address,uint256)", owner, new, token(node))
    book.note("transfer to a new holder", "uraeus", chain.send(owner, names, *move))


def register(chain: Chain, book: Book, names: str, wanted: Registration, operation: str) -> None:
    owner = wanted.owner
    ask = f"commitment({REGISTRATION},address)"
    commitment = chain.ask(names, ask, "bytes32", tuple(wanted), owner)
    committed = chain.send(owner, names, "commit(bytes32)", commitment)
    if operation == "register":
        book.note("commit", "uraeus", committed)
    chain.travel(chain.now + COMMIT_MIN + 1)
    price = chain.ask(
        names,
        "registration_price(string,uint256,uint256)",
        "(uint256,uint256)",
        wanted.label,
        wanted.duration,
        0,
    )
    signature = f"register({REGISTRATION})"
    sent = chain.send(owner, names, signature, tuple(wanted), value=sum(price))
    book.note(operation, "uraeus", sent)


def deploy(chain: Chain, admin: str) -> str:
    """The registry with its resolvers, prices and a treasury, in a namespace of the admin's."""
    kernel, namespace = deploy_kernel(chain, admin), namespace_of(admin, LABEL)
    rates = f"uint256[{len(RATES)}],uint256"
    pricing = chain.deploy(admin, ours("NamePricing"), rates, RATES, PREMIUM_START)
    treasury = chain.deploy(admin, deployer("NameTreasury").compiler_data.bytecode)
    blueprints = [chain.deploy(admin, blueprint(n)) for n in ("Resolver", "ReverseResolver")]
    types = "address,bytes32,string,address,address"
    names = chain.deploy(admin, ours("Names"), types, kernel, namespace, "os", *blueprints)
    changes = [
        (role.ljust(32, b"\0"), module, chain.code_hash(module), 1)
        for role, module in ((b"names.pricing", pricing), (b"treasury", treasury))
    ]
    signature = f"claim(bytes32,address,uint256,address,uint256,{CHANGE}[])"
    chain.send(admin, kernel, signature, LABEL, admin, 0, NOBODY, 0, changes)
    return names
