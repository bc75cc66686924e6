"""Where a creator's income came from and where it went, to the wei."""

from dataclasses import dataclass, field


@dataclass
class Revenue:
    """What people agreed to pay, and what the chain was seen to move or to keep."""

    paid: dict[str, int] = field(default_factory=dict)
    went: dict[str, int] = field(default_factory=dict)

    @property
    def plain(self) -> dict[str, dict[str, str]]:
        """For JSON, whose numbers do not hold wei."""
        return {
            name: {what: str(wei) for what, wei in sums.items()}
            for name, sums in (("paid", self.paid), ("went", self.went))
        }
