"""What others wrote, such as a symbol, a record or a line of a file, so that it is only read.

A terminal obeys control characters, and what runs from right to left turns round what
stands beside it: a name could move the cursor into the question that is about to be asked.
"""

from rich.markup import escape


def visible(text: str, keep: str = "\n") -> str:
    """Characters that are not printed are spelled: `\\x1b`, `\\u202e`."""
    return "".join(
        each if each.isprintable() or each in keep else each.encode("unicode_escape").decode()
        for each in text
    )


def said(text: str) -> str:
    """On one line, and without a meaning as markup."""
    return escape(visible(text, keep=""))
