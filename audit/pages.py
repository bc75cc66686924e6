"""The generated pages of the audit pack: `python -m audit.pages`, by `./dev fmt`."""

from pathlib import Path

from audit import events, findings, roles, scope, storage


def pages() -> dict[Path, str]:
    return {each.PAGE: each.page() for each in (events, findings, roles, scope, storage)}


def complaints() -> list[str]:
    """Where the files of names and notes do not fit the contracts."""
    found = roles.complaints(roles.all_rows(), roles.names())
    found += events.complaints(events.all_events(), events.notes())
    found += findings.complaints(*findings.kept(), findings.verdicts(), findings.digest())
    trees = storage.modules()
    for word in storage.words():
        found += storage.complaints(word, storage.constants_of(trees[word.source]))
    for name, tree in trees.items():
        found += storage.unused(
            name, storage.words(), storage.constants_of(tree), storage.variables_of(tree)
        )
    return found


def write() -> None:
    for path, content in pages().items():
        path.write_text(content)


if __name__ == "__main__":
    write()
