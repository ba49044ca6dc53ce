"""Run a data set's quality suite over its scrubbed files and hand back what may be published."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from governance.quality import evidence
from governance.quality.evidence import Check
from governance.quality.suite import Expected, Suite, suite_for
from governance.quality.survival import Survival
from schemas.arrow_schema import snapshot_schema
from schemas.contract import Contract, Policy
from schemas.errors import ClearinghouseError, IntegrityError

log = logging.getLogger(__name__)

#: Asks Great Expectations for counts, and for the few shapes and row identities that the engine gives out.
_RESULT_FORMAT = {
    "result_format": "SUMMARY",
    "partial_unexpected_count": 20,
    "unexpected_index_column_names": ["_id"],
    "return_unexpected_index_query": False,
}
#: What Great Expectations says of a metric that an engine lacks; only names are in it.
_NO_PROVIDER = re.compile(r"No provider found for ([a-z_.]+) using PolarsExecutionEngine")


@dataclass(frozen=True)
class QualityResult:
    """The outcome of a suite.

    ``success`` is false when a check of severity error failed or could not be evaluated. ``documents`` maps relative
    paths to bytes; ``statistics`` counts rows and checks by outcome. Equal files give an equal result, byte for byte.
    """

    success: bool
    checks: tuple[Check, ...]
    documents: Mapping[str, bytes]
    statistics: Mapping[str, int]


def run_suite(contract: Contract, policy: Policy, files: Sequence[Path], workdir: Path) -> QualityResult:
    """Run the contract's suite over `files` (Parquet, of the snapshot schema), taken together in the order given.

    `workdir` is a folder for scratch files, made if it is missing. No files are a data set without rows.

    Raises:
        ContractError: contract and policy do not go together.
        IntegrityError: a file that is no Parquet, or that has other columns than the first one.
        ClearinghouseError: the suite could not be run at all.
    """
    from governance.quality.places import placed

    suite = suite_for(contract, policy)
    survival = Survival(contract, policy)
    if not files:
        files = [_empty(snapshot_schema(contract, policy), workdir)]
    rows = _looked_at(files)
    checks = placed(_outcomes(suite, survival, list(files)), files)
    success = all(check.success is not False for check in checks if check.severity == "error")
    statistics = _statistics(checks, rows)
    from governance.quality.documents import documents

    return QualityResult(success, checks, documents(contract, checks, statistics, success), statistics)


def _empty(schema: pa.Schema, workdir: Path) -> Path:
    workdir.mkdir(parents=True, exist_ok=True)
    path = workdir / "no-rows.parquet"
    pq.ParquetWriter(path, schema).close()
    return path


def _looked_at(files: Sequence[Path]) -> int:
    """The number of rows, after a look at every file's footer."""
    rows, first, wrong = 0, None, []
    for path in files:
        try:
            footer = pq.read_metadata(path)
            names = footer.schema.to_arrow_schema()
        except (OSError, pa.ArrowException) as error:
            wrong.append(f"{path.name}: {type(error).__name__}, not a Parquet file that can be read")
            continue
        first = names if first is None else first
        if [(f.name, f.type) for f in names] != [(f.name, f.type) for f in first]:
            wrong.append(f"{path.name}: its columns are not those of {files[0].name}")
        rows += footer.num_rows
    if wrong:
        raise IntegrityError(
            "the quality suite cannot read:\n" + "\n".join(wrong),
            state="nothing was committed",
            fix="delete these files' receipts and run the ingest again",
        )
    return rows


def _outcomes(suite: Suite, survival: Survival, files: list[Path]) -> tuple[Check, ...]:
    """Every check's outcome, in the suite's order: evaluated here where we can, else by Great Expectations."""
    from governance.quality.direct import evaluate
    from governance.quality.passes import scan

    done = evaluate(suite.run, scan(files))
    if done is None:
        return _by_library(suite, survival, files)
    outcomes = iter(done)
    return tuple(
        evidence.skipped(check, survival) if check.skipped else evidence.measured(check, survival, *next(outcomes))
        for check in suite.checks
    )


def _by_library(suite: Suite, survival: Survival, files: list[Path]) -> tuple[Check, ...]:
    """Every check's outcome by Great Expectations' validator on the Polars engine. Importing it takes seconds."""
    from great_expectations.core import ExpectationSuite
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    from governance.quality.context import new_context

    found: dict[int, Check] = {}
    expectations = []
    with warnings.catch_warnings():
        # Great Expectations warns of string conditions, which is how a contract in YAML writes them.
        warnings.simplefilter("ignore", DeprecationWarning)
        context = new_context()
        for place, check in enumerate(suite.checks):
            if check.skipped:
                found[place] = evidence.skipped(check, survival)
                continue
            config = check.config()
            config["meta"]["place"] = place
            try:
                expectations.append(ExpectationConfiguration(**config).to_domain_obj())
            except Exception as error:
                found[place] = evidence.unevaluated(check, survival, _misstated(error))
        datasource = context.data_sources.add_polars("snapshot")
        asset = datasource.add_parquet("rows", files)
        try:
            batch = asset.get_batch(asset.build_batch_request())
            done = batch.validate(ExpectationSuite(suite.name, expectations=expectations), result_format=_RESULT_FORMAT)
        except Exception as error:
            kind = type(error).__name__
        else:
            kind = ""
    if kind:
        # Outside the handler, so that the error, whose text may quote rows, is not this one's context.
        raise ClearinghouseError(
            f"the quality suite of {suite.name} stopped with {kind}", state="nothing was committed", fix="run it again"
        )
    said = datasource.get_execution_engine().said
    for result in done.results:
        place = result.expectation_config.meta["place"]
        found[place] = _outcome(suite.checks[place], survival, result, said)
    return tuple(found[place] for place in sorted(found))


def _outcome(check: Expected, survival: Survival, result: Any, said: Mapping[str, str]) -> Check:
    info = result.exception_info or {}
    raised = [info] if "raised_exception" in info else list(info.values())
    messages = [entry["exception_message"] for entry in raised if entry.get("raised_exception")]
    if messages:
        # The engine's own words quote no row; any other error's may.
        ours = {said[message] for message in messages if message in said}
        absent = {match[1] for message in messages if (match := _NO_PROVIDER.fullmatch(message))}
        ours |= {f"the Polars engine does not measure {metric}" for metric in absent}
        reason = "; ".join(sorted(ours)) or "it stopped with an error, whose text may quote data and is not kept"
        log.warning("%s on %s could not be evaluated: %s", check.type, ", ".join(check.columns) or "table", reason)
        return evidence.unevaluated(check, survival, reason)
    return evidence.measured(check, survival, bool(result.success), result.result or {})


def _misstated(error: Exception) -> str:
    """Why Great Expectations does not take an expectation; its words are about the contract, not about rows."""
    details = getattr(error, "errors", None)
    if callable(details):
        said = dict.fromkeys(f"{'.'.join(map(str, entry['loc']))}: {entry['msg']}" for entry in details())
        return "the contract misstates it: " + "; ".join(said)
    return f"Great Expectations does not take it: {error}"


def _statistics(checks: Sequence[Check], rows: int) -> dict[str, int]:
    failed = [check for check in checks if check.status == "failed"]
    return {
        "rows": rows,
        "checks": len(checks),
        "passed": sum(check.status == "passed" for check in checks),
        "failed": sum(check.severity == "error" for check in failed),
        "warnings": sum(check.severity == "warning" for check in failed),
        "unevaluated": sum(check.status == "unevaluated" for check in checks),
        "skipped": sum(check.status == "skipped" for check in checks),
    }
