"""``clearinghouse contract``: check, show, document and draft contracts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearinghouse.cli.output import ContractsOption, JsonOption, MixesOption, PolicyOption, emit, table

if TYPE_CHECKING:
    from clearinghouse.settings import Settings
    from schemas.contract import Contract, Mix, Policy
    from schemas.errors import Problem

commands = typer.Typer(help="Check, show, document and draft contracts.", no_args_is_help=True, rich_markup_mode=None)


@commands.command("check")
def check(
    paths: Annotated[list[str] | None, typer.Argument(help="Files or folders; else the folder of contracts.")] = None,
    contracts: ContractsOption = None,
    mixes: MixesOption = None,
    policy: PolicyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load contracts, and the mixes and policy that go with them; tell every problem. Exits with 2 if there is one."""
    from clearinghouse.settings import Settings
    from schemas.contract_loader import check_contracts
    from schemas.errors import ProblemsError
    from schemas.mix_loader import SUFFIX, check_mixes

    settings = Settings.from_env(contracts=contracts, mixes=mixes, policy=policy)
    rules, problems = _policy(settings)
    given = [path for path in paths or [] if not path.endswith(SUFFIX)]
    mix_files = [path for path in paths or [] if path.endswith(SUFFIX)]
    if not paths:
        _must_be_folder(settings.contracts)
    loaded = check_contracts(given or ([settings.contracts] if not paths or mix_files else []), policy=rules)
    problems += loaded.problems
    # Mixes of another folder than the contracts' would be blamed for data sets that they do not mean.
    mixes_there = not paths and (mixes or not contracts) and Path(settings.mixes).is_dir()
    checked_mixes = check_mixes(
        mix_files or ([settings.mixes] if mixes_there else []), loaded.contracts, broken=loaded.broken, policy=rules
    )
    problems += checked_mixes.problems
    files = [*map(str, loaded.files), *map(str, checked_mixes.files)]
    if not files:
        _nothing(paths, settings)
    if as_json:
        found = {
            "ok": not problems,
            "policy": f"{rules.name}@{rules.version}" if rules else None,
            "files": files,
            "contracts": sorted(loaded.contracts),
            "mixes": sorted(checked_mixes.mixes),
            "problems": [problem.as_dict() for problem in sorted(problems)],
        }
        emit(found, "", as_json=True)
        if problems:
            raise typer.Exit(ProblemsError.exit_code)
        return
    said = f"checked {_count(len(loaded.files), 'contract')}"
    if checked_mixes.files:
        said += f" and {_count(len(checked_mixes.files), 'mix', 'mixes')}"
    if rules is not None:
        said += f" under policy {rules.name} {rules.version}"
    broken = _count(len({problem.file for problem in problems}), "file")
    said += f": problems in {broken}" if problems else ": all hold"
    emit(None, "\n\n".join([*_tables(loaded.contracts, checked_mixes.mixes), said]), as_json=False)
    if problems:
        raise ProblemsError(problems, what=broken)


@commands.command("show")
def show(
    contract: Annotated[str, typer.Argument(help="A contract file, or a key such as commerce.orders.")],
    contracts: ContractsOption = None,
    policy: PolicyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a data set's fields, what each is classified as, what happens to it, and on whose word."""
    from clearinghouse.jobs.context import find_contract
    from clearinghouse.settings import Settings
    from schemas.actions import SCOPED
    from schemas.arrow_schema import arrow_type
    from schemas.plans import redaction_plan
    from schemas.policy_loader import load_policy

    settings = Settings.from_env(contracts=contracts, policy=policy)
    rules = load_policy(settings.policy)
    found = find_contract(settings, contract, rules)
    plan = redaction_plan(found, rules)
    value = {
        "contract": found.key,
        "version": found.version,
        "digest": found.digest,
        "file": found.file,
        "owner": found.owner,
        "legal_basis": found.legal_basis,
        "consent": found.consent,
        "licence": found.licence,
        "purposes": list(found.purposes),
        "residency": found.residency,
        "retention": found.retention,
        "source": {"kind": found.source.kind, "location": found.source.location, "format": found.source.format},
        "policy": f"{rules.name}@{rules.version}",
        "fields": [
            {
                "field": field.name,
                "path": field.path,
                "type": str(arrow_type(field)),
                "required": field.required,
                "primary_key": field.primary_key,
                "classification": field.classification,
                "entity": plan[field.name].entity,
                "action": plan[field.name].action,
                "scope": plan[field.name].scope if plan[field.name].action in SCOPED else None,
                "citation": plan[field.name].citation,
                "verified_by": plan[field.name].verified_by,
            }
            for field in found.fields
        ],
    }
    emit(value, lambda: _shown(value, found), as_json=as_json)


@commands.command("docs")
def docs(
    out: Annotated[str, typer.Option("--out", help="Folder to write pages into.")] = "docs/contracts",
    contracts: ContractsOption = None,
    policy: PolicyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a Markdown page for each data set, and an index. Pages that would not change are left alone."""
    from clearinghouse.settings import Settings
    from schemas.contract_loader import load_contracts
    from schemas.docs_page import docs_page, index_page
    from schemas.policy_loader import load_policy

    settings = Settings.from_env(contracts=contracts, policy=policy)
    _must_be_folder(settings.contracts)
    rules = load_policy(settings.policy)
    loaded = load_contracts(settings.contracts, policy=rules)
    pages = {f"{c.unit}/{c.name}.md": docs_page(c, rules) for c in loaded.values()}
    pages["index.md"] = index_page(loaded)
    folder = Path(out)
    written = [name for name, text in sorted(pages.items()) if _write(folder / name, text)]
    value = {"out": str(folder), "pages": sorted(pages), "written": written}
    said = f"{_count(len(pages), 'page')} in {folder}, {len(written)} written, {len(pages) - len(written)} unchanged"
    emit(value, said, as_json=as_json)


@commands.command("new")
def new(
    unit: Annotated[str, typer.Argument(help="The unit, such as commerce.")],
    name: Annotated[str, typer.Argument(help="The data set, such as orders.")],
    sample: Annotated[
        str,
        typer.Option(
            "--from",
            help="A file of the data (CSV, JSON, JSONL, YAML, XML, Parquet, subtitles, text, a PostgreSQL dump); or "
            "sqlite:///PATH, postgresql://… or '${NAME}' of one.",
        ),
    ],
    table: Annotated[str | None, typer.Option("--table", help="Table of the database or dump.")] = None,
    contracts: ContractsOption = None,
    policy: PolicyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draft a contract from a sample. It does not load until a person has decided everything marked TODO."""
    from clearinghouse.drafts import draft_contract
    from clearinghouse.settings import Settings
    from schemas.contract_loader import SUFFIX, read_contract
    from schemas.errors import ClearinghouseError
    from schemas.policy_loader import load_policy

    settings = Settings.from_env(contracts=contracts, policy=policy)
    for word, what in ((unit, "unit"), (name, "data set")):
        if not re.fullmatch(r"[a-z][a-z0-9_-]*", word):
            raise typer.BadParameter(f"{word!r} cannot name a {what}: lower-case letters, digits, _ and -")
    path = settings.contracts_path / unit / f"{name}{SUFFIX}"
    terms = load_policy(settings.policy)
    text = draft_contract(unit, name, sample, terms, table=table)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as handle:
            handle.write(text)
    except FileExistsError:
        raise ClearinghouseError(
            f"{path} is there already", state="nothing was written", fix="choose another name, or move the file away"
        ) from None
    _, problems = read_contract(path, policy=terms)
    value = {"file": str(path), "undecided": len(problems), "problems": [problem.as_dict() for problem in problems]}
    to_decide = _count(len(problems), "thing")
    said = f"drafted {path}: {to_decide} to decide\nnext: edit it, then clearinghouse contract check {path}"
    emit(value, said, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the ``contract`` commands."""
    app.add_typer(commands, name="contract")


def _tables(contracts: Mapping[str, Contract], mixes: Mapping[str, Mix]) -> list[str]:
    """A table of the contracts that hold and one of the mixes, each only where there is one."""
    out = []
    if contracts:
        heads = ("contract", "version", "basis", "licence", "purposes", "fields")
        rows = [
            (key, c.version, c.legal_basis, c.licence, ", ".join(c.purposes), len(c.fields))
            for key, c in contracts.items()
        ]
        out.append(table(heads, rows))
    if mixes:
        heads = ("mix", "version", "purpose", "format", "budget", "sources")
        out.append(
            table(heads, [(n, m.version, m.purpose, m.format, m.budget, len(m.sources)) for n, m in mixes.items()])
        )
    return out


def _policy(settings: Settings) -> tuple[Policy | None, list[Problem]]:
    from schemas.policy_loader import read_policy

    found, problems = read_policy(settings.policy)
    return (found, []) if found is not None and not problems else (None, problems)


def _must_be_folder(folder: str) -> None:
    from schemas.errors import ClearinghouseError

    if not Path(folder).is_dir():
        error = ClearinghouseError(f"there is no folder {folder}", fix="say where contracts are: --contracts FOLDER")
        error.exit_code = 2
        raise error


def _nothing(paths: list[str] | None, settings: Settings) -> None:
    from schemas.errors import ClearinghouseError

    where = ", ".join(paths) if paths else settings.contracts
    error = ClearinghouseError(
        f"no contracts in {where}", fix="contracts are <unit>/<name>.odcs.yaml; draft one: clearinghouse contract new"
    )
    error.exit_code = 2
    raise error


def _shown(value: dict[str, Any], contract: Contract) -> str:
    from schemas.actions import NEEDS_ENTITY

    facts = [
        ("owner", value["owner"]),
        ("legal basis", value["legal_basis"] + (f" ({value['consent']})" if value["consent"] else "")),
        ("licence", value["licence"]),
        ("purposes", ", ".join(value["purposes"])),
        ("residency", value["residency"]),
        ("retention", value["retention"]),
        ("source", " ".join(filter(None, (value["source"]["format"], value["source"]["location"])))),
        ("limitations", contract.limitations),
        ("file", value["file"]),
        ("digest", value["digest"]),
    ]
    width = max(len(name) for name, _ in facts)
    rows = []
    for field in value["fields"]:
        does = field["action"] + (f" {field['entity']}" if field["action"] in NEEDS_ENTITY else "")
        cited = field["citation"] + (f" [{field['verified_by']}]" if field["verified_by"] else "")
        kind = field["type"] + (" key" if field["primary_key"] else "")
        rows.append((field["field"], kind, field["classification"], does, cited or "–"))
    return "\n".join(
        [
            f"{value['contract']} {value['version']} under policy {value['policy']}",
            *(f"  {name.ljust(width)}  {said}" for name, said in facts if said),
            "",
            table(("field", "type", "classification", "action", "citation"), rows),
        ]
    )


def _write(path: Path, text: str) -> bool:
    """Write a page unless it says so already. Returns whether it was written."""
    data = text.encode()
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
