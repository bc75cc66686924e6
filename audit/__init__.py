"""The audit pack: what the compiler knows of the contracts, as pages for who audits them.

sources     each contract, analysed by the compiler
callers     the conditions on a call that depend on who calls, or on who signed
effects     what a function changes, calls, moves and logs
scope, roles, storage, events, findings
            docs/audit/*.md, each with a file of names, notes or reasons that only people can
            give (roles.toml, words.toml, ...), which must fit what was found
diagrams    what docs/audit/diagrams.md draws, against the contracts
pages       writes them: `python -m audit.pages`, by `./dev fmt`
"""
