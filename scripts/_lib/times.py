"""Times as people write and read them."""

import re
from datetime import UTC, date, datetime, time

from scripts._lib.refusal import Refusal

UNITS = {
    "year": 365 * 86_400,
    "week": 7 * 86_400,
    "day": 86_400,
    "hour": 3_600,
    "minute": 60,
    "second": 1,
}
SHOWN = [unit for unit in UNITS if unit != "week"]
DURATION = re.compile(rf"([0-9]{{1,9}}) ({'|'.join(UNITS)})s?")
FOR_EVER = "for ever"
CALENDAR_ENDS = 253_402_300_800  # Python's


def of_duration(text: str) -> int:
    """Seconds of e.g. "30 days"; a year has 365."""
    match = DURATION.fullmatch(text.strip().lower())
    if not match or int(match[1]) == 0:
        raise Refusal(
            f'"{text}" is not a duration: write e.g. "30 days"; '
            "there are seconds, minutes, hours, days, weeks and years of 365 days."
        )
    return int(match[1]) * UNITS[match[2]]


def of_moment(text: str) -> int:
    """The second of e.g. 2027-01-31 (its first, UTC) or 2027-01-31T20:00:00Z."""
    try:
        return second(datetime.fromisoformat(text.strip()) if "T" in text else _day(text))
    except ValueError:
        raise Refusal(
            f'"{text}" is not a time: write 2027-01-31, or 2027-01-31T20:00:00Z with its zone.'
        ) from None


def _day(text: str) -> date:
    return date.fromisoformat(text.strip())


def second(moment: date) -> int:
    """Of a day, its first second in UTC; a time has to name its zone."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), UTC)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone: end it by Z for UTC")
    if (seconds := int(moment.timestamp())) < 0:
        raise ValueError("before 1970, when chains begin to count")
    return seconds


def moment(timestamp: int, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    if timestamp >= CALENDAR_ENDS:
        return "after the year 9999"
    return f"{datetime.fromtimestamp(timestamp, UTC):{form}} UTC"


def duration(seconds: int) -> str:
    """Whole: "30 days", "1 day 30 minutes"."""
    parts = []
    for unit in SHOWN:
        count, seconds = divmod(seconds, UNITS[unit])
        if count:
            parts.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " ".join(parts) or "no time"


def distance(timestamp: int, now: int) -> str:
    """In the largest unit alone: "in 29 days", "3 hours ago"."""
    apart = abs(timestamp - now)
    unit = next((unit for unit in SHOWN if apart >= UNITS[unit]), "second")
    count = apart // UNITS[unit]
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {words}" if timestamp > now else f"{words} ago"
