"""A contract's sources in one file, which anybody's compiler turns into the deployed bytes.

The compiler's own bundle does not say that the metadata is left out of the bytecode, which
`vyper-json` and the explorers ask under `bytecodeMetadata`.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import vyper
from pydantic import TypeAdapter
from vyper.cli.vyper_json import compile_json
from vyper.compiler import CompilerData
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.output import build_solc_json
from vyper.exceptions import JSONError, VyperException

from scripts._lib import contracts
from scripts._lib.build import SOURCES, artifact
from scripts._lib.doctor import Check
from scripts._lib.files import write_atomically
from scripts._lib.plan import Part
from scripts._lib.records import code_hash
from scripts._lib.refusal import Refusal

PACKAGES = "site-packages/"
NOTHING = "nothing that compiles"

Bundle = dict[str, Any]
BUNDLE = TypeAdapter(Bundle)


@cache
def bundle(name: str) -> Bundle:
    """The sources of a contract, by paths that do not depend on where they were."""
    files = FilesystemInputBundle(SOURCES)
    made = build_solc_json(
        CompilerData(files.load_file(Path(artifact(name).source)), input_bundle=files)
    )
    sources = {
        path.rpartition(PACKAGES)[2]: {"content": source["content"]}
        for path, source in made["sources"].items()
    }
    settings = {**made["settings"], "search_paths": ["."], "bytecodeMetadata": False}
    return {"language": made["language"], "sources": sources, "settings": settings}


def kept(name: str, folder: Path | None) -> Bundle:
    """The bundle on file, or a fresh one, which is written where a folder is named."""
    if folder is None:
        return bundle(name)
    path = folder / f"{name}.json"
    if not path.exists():
        write_atomically(path, json.dumps(bundle(name), indent=2) + "\n")
    try:
        return BUNDLE.validate_json(path.read_bytes())  # whatever anybody nested in it
    except ValueError:
        raise Refusal(f"{path} is not JSON: remove it to have it written anew.") from None


def init_code(made: Bundle) -> bytes | None:
    """What a bundle compiles to, by the compiler's own command for such files."""
    return _compiled(json.dumps(made))


@cache
def _compiled(made: str) -> bytes | None:
    try:
        compiled = compile_json(json.loads(made))
        [contract] = [each for file in compiled["contracts"].values() for each in file.values()]
        return bytes.fromhex(contract["evm"]["bytecode"]["object"][2:])
    except (VyperException, JSONError, KeyError, TypeError, ValueError):
        return None


def checks(part: Part, made: Bundle, rehearsed: bytes) -> Iterator[Check]:
    """The bundle gives the init code of the plan, and that the code on the chain."""
    compiled = init_code(made)
    expected = code_hash(part.artifact.init_code)
    yield Check(part.name, "source", expected, code_hash(compiled) if compiled else NOTHING)
    found = contracts.code(part.address)
    yield Check(part.name, "code", code_hash(rehearsed), code_hash(found))


def publish(explorer: Any, part: Part, made: Bundle, transaction: str | None) -> str:
    """Hand a bundle to an explorer of Ape's; what it answers with is the job's name.

    Their own `publish_contract` compiles anew, with the metadata that moves every address.
    """
    [path] = made["settings"]["outputSelection"]
    identifier = f"{path}:{Path(path).stem}"
    if hasattr(explorer, "client"):  # Sourcify's
        return explorer.client.submit_verification(
            contracts.chain.provider.chain_id,
            part.address,
            std_json_input=made,
            compiler_version=vyper.__version__,
            contract_identifier=identifier,
            creation_transaction_hash=transaction,
        )
    arguments = (part.init_code or b"")[len(part.artifact.init_code) :]
    client = explorer._client_factory.get_contract_client(part.address)
    return client.verify_source_code(
        made,
        vyper.__version__,
        contract_name=identifier,
        constructor_arguments="" if part.code_only else arguments.hex(),
        language="vyper",
    )
