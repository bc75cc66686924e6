"""Play a creator's day through the deployed suite: `ape run creator_day`.

Nine steps, from the launch of the system to its first upgrade by vote. Every sum is
checked to the wei, and every refusal for its reason.
"""

import json
from functools import partial
from pathlib import Path
from typing import Any

import click
from ape import accounts, chain
from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractInstance

from scripts._lib import cid, contracts, create2, daos, ens_client, options
from scripts._lib.ballot import Ballot
from scripts._lib.build import artifact
from scripts._lib.console import console, day_tables, suite_table
from scripts._lib.daos import Opening
from scripts._lib.day import Day, now, travel, travel_to
from scripts._lib.files import ROOT, write_atomically
from scripts._lib.intent import DAY, HOUR, WEI, Dao, Intent
from scripts._lib.plan import entry_id, text32
from scripts._lib.records import code_hash, plain
from scripts._lib.refusal import Refusal
from scripts._lib.suite import deploy

SONG = ROOT / "media" / "first-song.wav"
ETH = contracts.NO_ONE  # where a token is asked for
YEAR = 365 * DAY
SALT = bytes(32)

LABEL = "alice"
AVATAR = "https://alice.example/portrait.png"
SONG_SLOT = text32("song")  # in which the name publishes it
SHARES = {"alice": 5, "bob": 3, "studio": 2}
PASS_PRICE = WEI // 20
PASS_TIME = 30 * DAY
SUPPLY = 1_000  # passes
RESALE_PRICE = WEI * 8 // 100
ROYALTY = 500  # basis points
TIP = 7  # wei: less than one per share, so it waits for the next round
SALARY = WEI // 100
NOTICE, LONGER_NOTICE = DAY, 3 * DAY  # of the studio's namespace

# As the contracts number them.
VALID_PASS = 1  # the gate's kind of term
APPLIED = 8  # the kernel's state of an operation


class CreatorDay:
    """The people, and what the earlier steps leave to the later ones."""

    def __init__(self, intent: Intent, records: Path) -> None:
        self.intent = intent
        self.records = records
        self.day = Day()
        self.balances: dict[str, int] = {}
        test = accounts.test_accounts
        self.deployer, self.alice, self.bob, self.carol, self.fan = (test[i] for i in range(5))
        self.stranger = test[8]
        self.voters = self._holders()
        self.collector, self.second_hand, *_ = self.voters.values()

    def _holders(self) -> dict[str, AccountAPI]:
        """The system's voters, whose tokens the settings give to test accounts."""
        try:
            return {
                f"holder {number}": accounts[holder]
                for number, holder in enumerate(self.intent.token.holders, 1)
            }
        except KeyError:
            raise Refusal("The day needs test accounts as token.holders of the settings.") from None

    def play(self) -> None:
        steps = [
            ("The suite is deployed, and belongs to its DAO", self.launch_system),
            ("Alice registers alice.os", self.register_name),
            ("She opens a DAO for the studio", self.open_studio),
            ("She splits her income, and sells passes into the split", self.open_shop),
            ("She publishes a song under her name, for holders of a pass", self.publish_song),
            ("A fan buys a pass and hears the song", self.sell_passes),
            ("The income is divided", self.divide_income),
            ("The studio votes; the system upgrades its prices by vote", self.change_by_vote),
            ("What is left where", self.take_stock),
        ]
        for number, (title, step) in enumerate(steps, 1):
            self.day.step(number, title)
            step()

    # ----- 1 -----

    def launch_system(self) -> None:
        self.suite = deploy(self.intent, self.deployer, self.records, self.day.spent)
        console.print(suite_table(self.suite))
        self.day.note("system", self.suite.checks)
        self.kernel, self.names = self.suite["Kernel"], self.suite["Names"]
        self.resolver = self.suite["Resolver"]
        self.system = self.suite.claim.namespace
        self.day.refused(
            "the deployer rules nothing",
            "kernel: not owner",
            self.kernel.set_notice,
            self.system,
            2 * self.intent.notice,
            SALT,
            sender=self.deployer,
        )

    # ----- 2 -----

    def register_name(self) -> None:
        names, resolver, alice, day = self.names, self.resolver, self.alice, self.day
        self.node = bytes(names.namehash(LABEL))
        if not names.available(LABEL):
            raise Refusal("alice.os is taken on this chain: play the day on a new one.")
        records = [
            resolver.setAddr.encode_input(self.node, alice.address),
            resolver.setText.encode_input(self.node, "avatar", AVATAR),
        ]
        price = self.intent.prices.rates[-1]
        secret = b"only alice knows this".ljust(32)
        wanted = (LABEL, alice.address, YEAR, ETH, records, True, price, secret)
        commitment = names.commitment(wanted, alice.address)
        committed = day.act("name: commit", names.commit, commitment, sender=alice)
        day.refused(
            "name: no reveal in the minute of the commitment",
            "names: commitment too new",
            names.register,
            wanted,
            sender=alice,
            value=price,
        )
        travel(61)
        day.check("name: the price is known", (price, 0), self._price(LABEL, committed.timestamp))
        for paid in (price - 1, price + 1):
            self._wrong_payment(f"name: {paid - price:+} wei", names.register, wanted, value=paid)
        day.refused(
            "name: nobody else can use the commitment",
            "names: no commitment",
            names.register,
            wanted,
            sender=self.stranger,
            value=price,
        )
        receipt = day.act("name: register", names.register, wanted, sender=alice, value=price)
        self.name_price = price
        day.received("name: the price arrived", price, names.address, receipt)
        day.check("name: alice owns it", alice.address, names.owner(self.node))
        token = int.from_bytes(self.node, "big")
        day.check("name: as a token, too", alice.address, names.ownerOf(token))
        day.check("name: it resolves to her", alice.address, resolver.addr(self.node))
        day.check("name: it has her avatar", AVATAR, resolver.text(self.node, "avatar"))
        reverse = self.suite["ReverseResolver"]
        primary = reverse.name(reverse.node(alice))
        day.check("name: it is her primary name", f"{LABEL}.{self.intent.top_level}", primary)
        day.check("name: nobody can register it again", False, names.available(LABEL))
        full = f"{LABEL}.{self.intent.top_level}"
        client = ens_client.ready(
            chain.provider.web3, names.address, self.suite["UniversalResolver"].address
        )
        day.check("name: web3.py's own client finds her", alice.address, client.address(full))
        day.check("name: and her avatar", AVATAR, client.get_text(full, "avatar"))
        day.check("name: and her primary name", full, client.name(alice.address))

    def _price(self, label: str, committed_at: int, **block: int) -> tuple[int, int]:
        return tuple(self.names.registration_price(label, YEAR, committed_at, **block))

    def _wrong_payment(self, what: str, method: Any, *arguments: Any, value: int) -> None:
        self.day.refused(
            f"{what} is refused",
            "names: wrong payment",
            method,
            *arguments,
            sender=self.alice,
            value=value,
        )

    # ----- 3 -----

    def open_studio(self) -> None:
        day, alice = self.day, self.alice
        self.members = {"alice": alice, "bob": self.bob, "carol": self.carol}
        dao = Dao.model_validate(
            {
                "token": {
                    "name": "Alice's studio",
                    "symbol": "STUDIO",
                    "cap": "100",
                    "holders": {
                        alice.address: "40",
                        self.bob.address: "30",
                        self.carol.address: "30",
                    },
                },
                "governance": {
                    "name": "Alice's studio",
                    "voting_delay": HOUR,
                    "voting_period": DAY,
                    "timelock_delay": DAY,
                    "threshold": "10",
                    "quorum": 40,
                    "late_extension": HOUR,
                },
            }
        )
        factory = self._module("governance.dao_factory", "DaoFactory")
        opening = Opening(
            factory.address, self.kernel.address, alice.address, text32("studio"), dao, NOTICE
        )
        self.studio, self.studio_claim = opening.plan, opening.claim
        setup, token, salt = opening.arguments()
        made = [opening.namespace, *(part.address for part in self.studio.parts.values())]
        said = list(factory.predict(alice, setup, token, salt))
        day.check("studio: its addresses are known before", made, [bytes(said[0]), *said[1:]])
        day.act("studio: create", factory.create, setup, token, salt, sender=alice)
        day.note("studio", daos.checks(opening))
        row = factory.page(factory.count() - 1, 1)[0]
        day.check("studio: the factory lists it", opening.namespace, bytes(row.namespace))
        day.refused(
            "studio: the salt is good once",
            "dao factory: salt was used",
            factory.create,
            setup,
            token,
            salt,
            sender=alice,
        )
        token = contracts.of(self.studio.parts["VotesToken"])
        for name, member in self.members.items():
            self._delegate("studio", token, name, member)
            shares = dao.token.holders[member.address]
            day.check(f"studio: {name} has votes", shares, token.getVotes(member))
        day.refused(
            "studio: alice alone no longer rules it",
            "kernel: not owner",
            self.kernel.set_notice,
            opening.namespace,
            LONGER_NOTICE,
            SALT,
            sender=alice,
        )

    def _delegate(self, dao: str, token: ContractInstance, name: str, voter: AccountAPI) -> None:
        """Let an account vote with its own tokens. (`token.delegate` is ape's, for EIP-7702.)"""
        delegate = partial(token.invoke_transaction, "delegate")
        self.day.act(f"{dao}: {name} delegates", delegate, voter, sender=voter)

    # ----- 4 -----

    def open_shop(self) -> None:
        day, alice = self.day, self.alice
        partners = {account: SHARES[name] for name, account in self._partners().items()}
        recipients = sorted(partners, key=lambda account: int(account, 16))
        shares = [partners[account] for account in recipients]
        splitters = self._module("income.splitter_factory", "SplitterFactory")
        split = splitters.predict(recipients, shares, SALT)
        day.act("split: create", splitters.create, recipients, shares, SALT, sender=alice)
        self.split = contracts.at(split, "Splitter")
        day.check("split: it has its recipients", [recipients, shares], self._split_parts())
        day.check("split: its address says so", True, splitters.is_split(recipients, shares, SALT))

        plans = [(ETH, PASS_PRICE, PASS_TIME, SUPPLY, 0, 0, False, False)]
        setup = (alice, split, ROYALTY, SUPPLY, "Alice's listeners", "LISTEN", "", plans)
        passes = self._module("access.pass_factory", "PassFactory")
        collection = passes.predict(alice, setup, SALT)
        day.act("passes: create", passes.create, setup, SALT, sender=alice)
        self.passes = contracts.at(collection, "Pass")
        day.check("passes: alice owns the collection", alice.address, self.passes.owner())
        day.check("passes: sales go to the split", split, self.passes.collection().revenue)

    def _split_parts(self) -> list[list[Any]]:
        return [list(part) for part in self.split.recipients()]

    def _module(self, key: str, name: str) -> ContractInstance:
        """A replaceable contract, found as everybody finds it: through the kernel."""
        return contracts.at(self.kernel.module(entry_id(self.system, key)), name)

    # ----- 5 -----

    def publish_song(self) -> None:
        day, alice = self.day, self.alice
        self.gate = self._module("access.gate", "Gate")
        terms = [(VALID_PASS, True, False, self.passes.address, 0, 0)]
        rule = bytes(self.gate.rule_id(terms))
        day.act("song: register the rule", self.gate.register, terms, sender=alice)
        self.media = self._module("access.media", "Media")
        address = cid.of_file(SONG.read_bytes())
        entry = (self.node, SONG_SLOT, cid.binary(address), rule)
        day.act("song: publish", self.media.publish, *entry, sender=alice)
        published = self.media.current(self.node, SONG_SLOT)
        day.check("song: alice.os names the file", address, cid.from_binary(published.cid))
        day.check("song: and its rule", plain(rule), plain(published.rule))
        day.refused(
            "song: a stranger cannot publish under her name",
            "media: not authorised",
            self.media.publish,
            *entry,
            sender=self.stranger,
        )
        day.check("song: it plays for nobody yet", (False, False), self._hear())

    def _plays_for(self, listener: AccountAPI) -> bool:
        """A gate-keeper, who knows only the name: does it hand out the file that it names?"""
        entry = self.media.current(self.node, SONG_SLOT)
        named = cid.from_binary(entry.cid)
        return named == cid.of_file(SONG.read_bytes()) and self.gate.check(listener, entry.rule)

    def _hear(self) -> tuple[bool, bool]:
        return self._plays_for(self.fan), self._plays_for(self.stranger)

    # ----- 6 -----

    def sell_passes(self) -> None:
        day, fan = self.day, self.fan
        for paid in (PASS_PRICE - 1, PASS_PRICE + 1):
            day.refused(
                f"pass: {paid - PASS_PRICE:+} wei is refused",
                "pass: not the price",
                self.passes.mint,
                fan,
                1,
                PASS_PRICE,
                sender=fan,
                value=paid,
            )
        bought = self._buy("the fan", fan)
        expiry = self.passes.expiresAt(self.passes.active(fan))
        day.check("pass: it lasts 30 days", PASS_TIME, expiry - bought.timestamp)
        day.check("pass: it plays for the fan, not for a stranger", (True, False), self._hear())
        self._resell()
        travel_to(expiry - HOUR)
        day.check("pass: it still plays in the last hour", (True, False), self._hear())
        travel_to(expiry)
        day.check("pass: it no longer plays after the end", (False, False), self._hear())

    def _buy(self, who: str, buyer: AccountAPI) -> ReceiptAPI:
        mint = self.passes.mint
        receipt = self.day.act(
            f"pass: {who} buys", mint, buyer, 1, PASS_PRICE, sender=buyer, value=PASS_PRICE
        )
        sold = self.passes.address
        self.day.received(f"pass: the price of {who} arrived", PASS_PRICE, sold, receipt)
        return receipt

    def _resell(self) -> None:
        """A second-hand sale, as a market settles it: the royalty goes to the split."""
        day, seller, buyer = self.day, self.collector, self.second_hand
        self._buy("a collector", seller)
        token = self.passes.active(seller)
        receiver, royalty = self.passes.royaltyInfo(token, RESALE_PRICE)
        self.royalty = RESALE_PRICE * ROYALTY // 10_000
        day.check("resale: its royalty", (self.split.address, self.royalty), (receiver, royalty))
        buyer.transfer(receiver, royalty)
        buyer.transfer(seller, RESALE_PRICE - royalty)
        transfer = self.passes.transferFrom
        day.act("resale: transfer", transfer, seller, buyer, token, sender=seller)
        moved = self._plays_for(seller), self._plays_for(buyer)
        day.check("resale: the right moved with the pass", (False, True), moved)

    # ----- 7 -----

    def divide_income(self) -> None:
        day = self.day
        sales = 2 * PASS_PRICE
        swept = day.act("income: sweep the sales", self.passes.sweep, ETH, sender=self.stranger)
        day.received("income: all sales reach the split", sales, self.split.address, swept)
        self.stranger.transfer(self.split.address, TIP)
        whole = sales + self.royalty + TIP
        unit = whole // sum(SHARES.values())
        paid = day.act("income: distribute", self.split.distribute, ETH, sender=self.stranger)
        for name, account in self._partners().items():
            due = SHARES[name] * unit
            day.received(f"income: {name} gets {due:,} wei", due, account, paid)
        day.check("income: the rest waits in the split", TIP, self.split.balance)

    def _partners(self) -> dict[str, str]:
        treasury = self.studio.parts["Timelock"].address
        return {"alice": self.alice.address, "bob": self.bob.address, "studio": treasury}

    # ----- 8 -----

    def change_by_vote(self) -> None:
        self._studio_votes()
        self._system_upgrades()

    def _studio_votes(self) -> None:
        """A salary out of the treasury, and a longer notice for changes of the studio's code."""
        day, namespace = self.day, self.studio_claim.namespace
        ballot = Ballot(
            "studio",
            contracts.of(self.studio.parts["Governor"]),
            contracts.of(self.studio.parts["Timelock"]),
            self.members,
            self.stranger,
            day,
        )
        notice = self.kernel.set_notice.encode_input(namespace, LONGER_NOTICE, SALT)
        executed = ballot.carry(
            [(self.carol.address, SALARY, b""), (self.kernel.address, 0, notice)],
            "Pay Carol for the recording, and announce changes three days ahead",
        )
        day.received("studio: carol gets her salary", SALARY, self.carol.address, executed)
        found = self.kernel.namespace(namespace).notice
        day.check("studio: its notice is longer", LONGER_NOTICE, found)

    def _system_upgrades(self) -> None:
        """Names at half the price: a new pricing module by vote, notice and apply."""
        day, kernel = self.day, self.kernel
        halved = [rate // 2 for rate in self.intent.prices.rates]
        pricing = artifact("NamePricing").init_code_with((halved, self.intent.prices.premium))
        day.spent("upgrade: deploy the new prices", create2.deploy(self.stranger, pricing).gas_used)
        module = create2.address_of(pricing)
        change = (text32("names.pricing"), module, code_hash(contracts.code(module)), 2)
        ballot = Ballot(
            "system",
            self.suite["Governor"],
            self.suite["Timelock"],
            self.voters,
            self.stranger,
            day,
        )
        for name, voter in self.voters.items():
            self._delegate("system", self.suite["VotesToken"], name, voter)
        travel(1)  # votes can propose when the second of their delegation is over
        schedule = kernel.schedule.encode_input(self.system, [change], SALT, False)
        ballot.carry([(kernel.address, 0, schedule)], "Halve the prices of names")

        apply = (self.system, [change], SALT)
        operation = kernel.operation_id(*apply)
        ready = kernel.operation(self.system, operation).ready_at
        day.check("upgrade: the kernel's notice runs", self.intent.notice, ready - now())
        day.refused(
            "upgrade: nobody applies it before",
            "kernel: notice not over",
            kernel.apply,
            *apply,
            sender=self.stranger,
        )
        travel_to(ready)
        applied = day.act("upgrade: apply", kernel.apply, *apply, sender=self.stranger)
        state = kernel.operation(self.system, operation).state
        day.check("upgrade: it is applied", APPLIED, state)
        day.check("upgrade: the kernel names the new module", module, self._pricing())
        self._prices_halved_in(applied.block_number)

    def _pricing(self) -> str:
        return self.kernel.module(entry_id(self.system, "names.pricing"))

    def _prices_halved_in(self, block: int) -> None:
        """Names asks the new module from the very block on in which it was applied."""
        day, names, price = self.day, self.names, self.name_price
        before = self._price("carol", now(), block_id=block - 1)
        after = self._price("carol", now(), block_id=block)
        day.check("upgrade: names cost the old price one block before", (price, 0), before)
        day.check("upgrade: and half of it in the same block", (price // 2, 0), after)
        self._wrong_payment("upgrade: the old price", names.renew, LABEL, YEAR, value=price)
        renewed = day.act(
            "name: renew", names.renew, LABEL, YEAR, sender=self.alice, value=price // 2
        )
        day.received("name: half the price arrived", price // 2, names.address, renewed)

    # ----- 9 -----

    def take_stock(self) -> None:
        day, treasury = self.day, self.suite["Timelock"].address
        swept = day.act("names: sweep to the treasury", self.names.sweep, sender=self.stranger)
        income = self.name_price + self.name_price // 2
        day.received("names: all fees reach the treasury", income, treasury, swept)
        unit = (2 * PASS_PRICE + self.royalty) // sum(SHARES.values())
        expected = {
            "system treasury": (income, treasury),
            "studio treasury": (SHARES["studio"] * unit - SALARY, self._partners()["studio"]),
            "split": (TIP, self.split.address),
            "passes": (0, self.passes.address),
            "names": (0, self.names.address),
        }
        for name, (amount, account) in expected.items():
            self.balances[name] = chain.get_balance(account)
            day.check(f"balance: {name} has {amount:,} wei", amount, self.balances[name])
        for name, account in self._people().items():
            self.balances[name] = account.balance

    def _people(self) -> dict[str, AccountAPI]:
        names = ("alice", "bob", "carol", "fan", "stranger", "deployer")
        return {name: getattr(self, name) for name in names}

    def summary(self) -> dict[str, Any]:
        """For machines: what is where, what it cost, what was checked."""
        shop = {"split": self.split.address, "passes": self.passes.address}
        studio = {f"studio {name}": part.address for name, part in self.studio.parts.items()}
        people = {name: account.address for name, account in self._people().items()}
        return {
            "addresses": {**self.suite.addresses, **studio, **shop, **people},
            "gas": self.day.gas,
            "balances": {who: str(wei) for who, wei in self.balances.items()},
            "checks": self.day.checks,
        }


@click.command(cls=options.Command)
@options.settings
@options.records
@click.option(
    "--json",
    "output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write addresses, gas, balances and checks there.",
)
def cli(settings: Path | None, records: Path, output: Path | None) -> None:
    """Deploy the suite and play a creator's day, on a local chain."""
    options.quiet()
    if not options.is_local():
        raise Refusal("A creator's day travels in time: play it on a local network.")
    story = CreatorDay(options.chosen(settings), records)
    story.play()
    summary = story.summary()
    console.print(*day_tables(summary))
    if output:
        write_atomically(output, json.dumps(summary, indent=2) + "\n")
