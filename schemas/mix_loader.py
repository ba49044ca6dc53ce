"""Mixes from YAML: strict, every problem at once, checked against the contracts that they draw on."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

from schemas.canonical import digest
from schemas.contract import MAX_LOSS, Benchmark, Contract, Decontaminate, Dedup, Mix, Near, Policy, Repeated
from schemas.contract_document import KINDS_OF, misfit
from schemas.errors import MixError, Problem
from schemas.gate_rules import chosen_profiles, merged, profile_facts
from schemas.mix_sources import check_sources, read_source, read_split, read_stages, temperature
from schemas.mix_template import read_form
from schemas.mix_units import check, expand
from schemas.mix_where import exact_decimal
from schemas.names import SEMVER, cron_fault, did_you_mean
from schemas.plans import exact
from schemas.quality_rules import read_rules
from schemas.raw import as_items, as_mapping, as_text, is_number
from schemas.shapes import check_shape, own_schema
from schemas.yaml_lines import Place, YamlFile, read_yaml

SUFFIX = ".mix.yaml"
MANUAL = "manual"
"""The schedule of a mix that is released when somebody asks for it."""
_BUNDLED = Path(str(resources.files("schemas"))) / "tokenizers"
_TOKENIZER = ".tokenizer.json"
_BUNDLED_NAME = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True)
class LoadedMixes:
    """What a set of files gave: the mixes that hold, by name, and every problem of the others."""

    mixes: Mapping[str, Mix]
    problems: tuple[Problem, ...]
    files: tuple[Path, ...]


def load_mix(path: Path | str, contracts: Mapping[str, Contract] | None = None, *, policy: Policy | None = None) -> Mix:
    """One mix.

    Args:
        path: the YAML file; a tokenizer path in it is relative to its folder.
        contracts: by key, as `load_contracts` gives them. Without them, what a mix says of data sets is not checked,
            and sources of units have no data sets yet.
        policy: says what redaction does to the fields that filters and split ask of.

    Raises:
        MixError: with every problem, each with file, place, line and hint.
    """
    mix, problems = read_mix(path, contracts, policy=policy)
    if mix is None or problems:
        raise MixError(problems, what=str(path))
    return mix


def load_mixes(
    directory: Path | str, contracts: Mapping[str, Contract] | None = None, *, policy: Policy | None = None
) -> dict[str, Mix]:
    """Every ``**/*.mix.yaml`` below a folder, by name, sorted. Raises `MixError` with all problems of all files."""
    loaded = check_mixes([directory], contracts, policy=policy)
    if loaded.problems:
        raise MixError(loaded.problems, what=str(directory))
    return dict(loaded.mixes)


def check_mixes(
    paths: Iterable[Path | str],
    contracts: Mapping[str, Contract] | None = None,
    *,
    broken: Container[str] = (),
    policy: Policy | None = None,
) -> LoadedMixes:
    """Read files and folders without raising: mixes that hold, problems of those that do not, files looked at.

    ``broken`` are keys of contracts that are there and do not load: a mix is not blamed for drawing on them.
    """
    files: dict[Path, None] = {}
    for given in map(Path, paths):
        files.update(dict.fromkeys(sorted(given.rglob(f"*{SUFFIX}")) if given.is_dir() else [given]))
    problems: list[Problem] = []
    mixes: dict[str, Mix] = {}
    for path in files:
        mix, faults = read_mix(path, contracts, broken=broken, policy=policy)
        problems += faults
        if mix is None or faults:
            continue
        if mix.name in mixes:
            message = f"the mix {mix.name!r} is there already: {mixes[mix.name].file}"
            problems.append(Problem(mix.file, 0, "$.name", message, "keep one, or rename one"))
            continue
        mixes[mix.name] = mix
    return LoadedMixes(dict(sorted(mixes.items())), tuple(sorted(problems)), tuple(files))


def tokenizer_path(mix: Mix) -> Path:
    """The file of a mix's tokenizer: bundled under its name, or relative to the mix file.

    Raises:
        FileNotFoundError: neither is there.
    """
    path = _find_tokenizer(mix.tokenizer, Path(mix.file).parent)
    if path is None:
        raise FileNotFoundError(mix.tokenizer)
    return path


def bundled_tokenizers() -> tuple[str, ...]:
    """The names of the tokenizers that come with the package (``schemas/tokenizers/<name>.tokenizer.json``)."""
    return tuple(sorted(path.name.removesuffix(_TOKENIZER) for path in _BUNDLED.glob(f"*{_TOKENIZER}")))


def _find_tokenizer(name: str, folder: Path) -> Path | None:
    if _BUNDLED_NAME.fullmatch(name) and name in bundled_tokenizers():
        return _BUNDLED / f"{name}{_TOKENIZER}"
    path = folder / name
    return path if path.is_file() else None


def read_mix(
    path: Path | str,
    contracts: Mapping[str, Contract] | None = None,
    *,
    broken: Container[str] = (),
    policy: Policy | None = None,
) -> tuple[Mix | None, list[Problem]]:
    """A mix, or ``None`` and why not."""
    path = Path(path)
    found = read_yaml(path)
    if found.data is None:
        return None, found.problems
    data = found.data
    check_shape(found, data, own_schema("mix.schema.json"))
    _own_checks(found, path)
    sources = [
        read_source(found, item, ("sources", number))
        for number, item in enumerate(as_items(data.get("sources")))
        if isinstance(item, dict)
    ]
    check_sources(found, data)
    stages = read_stages(found, data)
    tempered = temperature(found, data.get("temperature"), ("temperature",))
    if contracts is not None:
        _against_contracts(found, data, contracts, broken)
    tokenizer = _tokenizer(found, as_text(data.get("tokenizer")), path.parent)
    decontaminate = _decontaminate(found, as_mapping(data.get("decontaminate")), path.parent)
    quality = read_rules(found, as_mapping(data["quality"]), ("quality",)) if "quality" in data else None
    form = read_form(found, data, path.parent)
    profiles = chosen_profiles(found, data, path.parent)
    if found.problems:
        return None, sorted(found.problems)
    shards = as_mapping(data.get("shards"))
    budget = data.get("budget")
    values: dict[str, Any] = {
        "name": data["name"],
        "version": data["version"],
        "purpose": data["purpose"],
        "format": data["format"],
        "sources": tuple(sources),
        "tokenizer": data["tokenizer"],
        "seed": data.get("seed", 0),
        "budget": budget,
        "audience": data["audience"],
        "description": data.get("description", ""),
        "file": found.name,
        "schedule": data.get("schedule"),
        "reviewers": tuple(as_items(data.get("reviewers"))),
        "dedup": _dedup(data.get("dedup")),
        "decontaminate": decontaminate,
        "quality": quality,
        "temperature": Decimal(1) if tempered is None else tempered,
        "stages": stages,
        "split": read_split(data.get("split")),
        "extra": {"tokenizer_sha256": tokenizer, **form},
        "template": data.get("template", ""),
        "tokenise": data.get("tokenise", False),
        "risk": data.get("risk", "normal"),
    }
    if profiles:
        values |= {"profiles": tuple(profile_facts(profiles)), "gates": merged(*(one.gates for one in profiles))}
    values |= {"destination": data.get("destination", ""), "transfer": dict(as_mapping(data.get("transfer")))}
    for key, name in (
        ("tokens", "shard_tokens"),
        ("bytes", "shard_bytes"),
        ("rowsPerGroup", "rows_per_group"),
        ("cdc", "shard_cdc"),
    ):
        if key in shards:
            values[name] = shards[key]
    body = asdict(Mix(digest="", **values))
    del body["file"], body["digest"]
    mix = Mix(digest=digest(exact(body)), **values)
    if contracts is not None:
        mix, faults = expand(mix, contracts)
        # A unit's data sets may be among those that do not load.
        for fault in ([] if broken else faults) or check(mix, contracts, policy):
            found.report(fault.place, fault.message, fault.hint)
    return (None if found.problems else mix), sorted(found.problems)


def _dedup(item: Any) -> Dedup:
    body = as_mapping(item)
    near = body.get("near")
    values: dict[str, Any] = {}
    if isinstance(near, dict):
        values = {name: near[name] for name in ("words", "characters") if name in near}
        if is_number(near.get("threshold")):
            values["threshold"] = exact_decimal(near["threshold"])
    loss = body.get("maxLoss")
    return Dedup(
        Near(**values) if isinstance(near, dict) else None,
        exact_decimal(loss) if is_number(loss) else MAX_LOSS,
        *(_repeated(body.get(unit)) for unit in ("lines", "paragraphs")),
    )


def _repeated(body: Any) -> Repeated | None:
    if not isinstance(body, dict):
        return None
    return Repeated(**{name: body[name] for name in ("words", "documents", "keep") if name in body})


def _decontaminate(found: YamlFile, body: Mapping[str, Any], folder: Path) -> Decontaminate | None:
    """What to keep out, with the digest of each file; a file that is not there is reported."""
    benchmarks: dict[str, Benchmark] = {}
    for number, item in enumerate(as_items(body.get("benchmarks"))):
        name, path = (as_text(as_mapping(item).get(key)) for key in ("name", "path"))
        place: Place = ("decontaminate", "benchmarks", number)
        if name in benchmarks:
            found.report((*place, "name"), f"the benchmark {name!r} is there twice", "rename one")
        if not path:
            continue
        try:
            with (folder / path).open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            found.report(
                (*place, "path"), f"the benchmark file {path!r} cannot be read: {reason}", "relative to this file"
            )
            continue
        benchmarks[name] = Benchmark(name, path, tuple(map(str, as_items(as_mapping(item).get("fields")))), sha256)
    if not body or not benchmarks:
        return None
    runs = {name: body[name] for name in ("words", "characters") if isinstance(body.get(name), int)}
    return Decontaminate(tuple(benchmarks.values()), **runs)


def _own_checks(found: YamlFile, path: Path) -> None:
    name, version, schedule = (found.data.get(key) for key in ("name", "version", "schedule"))
    if isinstance(name, str) and path.name.endswith(SUFFIX) and path.name != name + SUFFIX:
        found.report(
            ("name",),
            f"the mix {name!r} does not have the name of its file",
            f"rename the file to {name}{SUFFIX}, or the mix",
        )
    if isinstance(version, str) and not SEMVER.fullmatch(version):
        found.report(("version",), f"{version!r} is not a semantic version", "such as 1.0.0")
    if isinstance(schedule, str) and schedule and schedule != MANUAL:
        fault = cron_fault(schedule)
        if fault:
            found.report(("schedule",), f"the schedule {schedule!r} {fault}")


def _against_contracts(
    found: YamlFile, data: Mapping[str, Any], contracts: Mapping[str, Contract], broken: Container[str]
) -> None:
    purpose, format_ = data.get("purpose"), data.get("format")
    for number, item in enumerate(as_items(data.get("sources"))):
        dataset = as_text(as_mapping(item).get("dataset"))
        if not dataset or dataset in broken:
            continue
        place: Place = ("sources", number, "dataset")
        contract = contracts.get(dataset)
        if contract is None:
            found.report(
                place, f"there is no contract of {dataset!r}", did_you_mean(dataset, contracts, what="data sets")
            )
            continue
        if isinstance(purpose, str) and purpose not in contract.purposes:
            found.report(
                place,
                f"the contract of {dataset} does not allow {purpose!r}",
                f"it allows {', '.join(contract.purposes)}; {contract.owner} decides of more ({contract.file})",
            )
        view = as_text(as_mapping(item).get("view"))
        fault = misfit(contract, view, format_) if format_ in KINDS_OF else None
        if fault:
            found.report((*place[:-1], "view") if view else place, *fault)


def _tokenizer(found: YamlFile, name: str, folder: Path) -> str:
    """SHA-256 of the tokenizer file; what is wrong with it is reported."""
    if not name:
        return ""
    path = _find_tokenizer(name, folder)
    if path is None:
        bundled = bundled_tokenizers()
        hint = did_you_mean(name, bundled, what="bundled")
        found.report(
            ("tokenizer",), f"there is no tokenizer {name!r}", hint or "a path is relative to this file's folder"
        )
        return ""
    try:
        raw = path.read_bytes()
        body = json.loads(raw)
    except (OSError, ValueError):
        body, raw = None, b""
    if not isinstance(body, dict) or "model" not in body:
        found.report(
            ("tokenizer",), f"{name!r} is not a tokenizer.json", "a file in the format of the tokenizers library"
        )
        return ""
    return digest(raw)
