"""What each gate comes to that can be measured while a release is built. The policy chooses among them and sets the
thresholds; what only an audit can answer is measured by `clearinghouse.jobs.signing_gates`.

All from manifests, contracts, mix and policy: no value of a unit's data can come here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from clearinghouse.jobs.release_select import Chosen, Selection
from governance.gates import Measured, evaluate
from schemas.contract import Contract, Gate
from schemas.gate_rules import merged
from schemas.manifest import Counts
from schemas.plans import redaction_plan
from schemas.regions import GLOBAL, together, within

if TYPE_CHECKING:
    from clearinghouse.jobs.release import Built


def gates_of(selection: Selection) -> tuple[Gate, ...]:
    """The gates of the policy and of the mix's profiles, each once. Raises `PolicyError` where two contradict."""
    return merged(selection.policy.gates, selection.mix.gates)


def gate_rows(selection: Selection, built: Built) -> tuple[dict[str, Any], ...]:
    """The rows of the manifest: gates that are measured now."""
    gates = [gate for gate in gates_of(selection) if gate.when == "build"]
    return evaluate(gates, Measures(selection, built, gates).values())


def signing_rows(selection: Selection) -> list[dict[str, str]]:
    """The gates that are measured when the release is approved, as the manifest's recipe keeps them."""
    return [
        {
            "name": gate.name,
            "comparison": gate.comparison,
            "threshold": gate.threshold,
            "citation": gate.citation,
            "verified_by": gate.verified_by,
        }
        for gate in gates_of(selection)
        if gate.when == "sign"
    ]


def ingested(chosen: Chosen) -> Counts:
    """Row accounting of the ingest whose rows the release may use."""
    total = Counts()
    for receipt in chosen.current:
        total = total + receipt.counts
    return total


class Measures:
    """The values of gates, each by a method of its name."""

    def __init__(self, selection: Selection, built: Built, gates: Iterable[Gate]) -> None:
        self.selection, self.built = selection, built
        self.gates = {gate.name: gate for gate in gates}
        self.contracts = [chosen.contract for chosen in selection.chosen]

    def values(self) -> dict[str, Measured]:
        """Of those gates that this program knows."""
        return {name: getattr(self, name)() for name in self.gates if name in MEASURED}

    def contract_complete(self) -> Measured:
        return _all(
            (one.key for one in self.contracts if not _complete(one)),
            self.selection,
            "name basis, licence, purposes, residency and retention",
        )

    def purpose_allowed(self) -> Measured:
        purpose = self.selection.mix.purpose
        return _all(
            (one.key for one in self.contracts if purpose not in one.purposes), self.selection, f"allow {purpose}"
        )

    def licence_present(self) -> Measured:
        return _all((one.key for one in self.contracts if not one.licence), self.selection, "name a licence")

    def consent_recorded(self) -> Measured:
        """Who relies on consent says which; sensitive data needs one of its own, whatever else is relied on."""
        policy = self.selection.policy
        lacking = []
        for contract in self.contracts:
            sensitive = any(policy.categories.get(field.classification) == "SENSITIVE" for field in contract.fields)
            if (contract.legal_basis == "consent" or sensitive) and not contract.consent:
                lacking.append(f"{contract.key} ({'sensitive data' if sensitive else 'relies on consent'})")
        return _all(lacking, self.selection, "name the consent wherever one is needed")

    def consent_for_personal(self) -> Measured:
        lacking = [
            contract.key
            for contract in self.contracts
            if not contract.consent and any(field.classification.startswith("person.") for field in contract.fields)
        ]
        return _all(lacking, self.selection, "name a consent or hold no column of persons")

    def _leaving(self) -> list[str]:
        """Data sets that may not be kept where the release goes."""
        destination = self.selection.mix.destination
        return [one.key for one in self.contracts if not within(destination, _residency(one))]

    def residency_kept(self) -> Measured:
        mix = self.selection.mix
        if not mix.destination:
            there = together(_residency(one) for one in self.contracts)
            if there is None:
                return Measured(True, "every source may be kept everywhere; the mix names no destination")
            if there:
                shown = ", ".join(sorted(there)[:6]) + (f" and {len(there) - 6} more" if len(there) > 6 else "")
                return Measured(True, f"all sources may be kept in {shown}; the mix names no destination")
            held: dict[str, list[str]] = {}
            for one in self.contracts:
                if GLOBAL not in _residency(one):
                    held.setdefault(one.residency, []).append(one.key)
            shown = "; ".join(f"{where}: {', '.join(sorted(keys))}" for where, keys in sorted(held.items()))
            return Measured(
                False,
                f"there is no country in which all sources may be kept ({shown}); the mix names no destination and no "
                "transfer",
            )
        leaving = self._leaving()
        if leaving and not mix.transfer:
            return Measured(False, f"may not be kept in {mix.destination}: {', '.join(leaving)}")
        if leaving:
            return Measured(True, f"{', '.join(leaving)} go to {mix.destination} by {mix.transfer['mechanism']}")
        return Measured(True, f"every source may be kept in {mix.destination}")

    def export_recorded(self) -> Measured:
        mix = self.selection.mix
        if not mix.destination:
            return Measured(False, "the mix does not say where the release goes (destination)")
        leaving = self._leaving()
        if not leaving:
            return Measured(True, f"nothing leaves: every source may be kept in {mix.destination}")
        if not mix.transfer:
            return Measured(False, f"no transfer is on record for {', '.join(leaving)} to {mix.destination}")
        return Measured(True, f"{mix.transfer['mechanism']}: {mix.transfer['reference']} ({', '.join(leaving)})")

    def snapshots_current(self) -> Measured:
        stale = [chosen.contract.key for chosen in self.selection.chosen if chosen.stale_rows]
        return _all(stale, self.selection, "have all rows scrubbed under today's contract and policy")

    def accounting_balanced(self) -> Measured:
        balanced = all(counts.balanced for counts in self.built.rows) and all(
            one.documents.balanced for one in self.built.drawn
        )
        return Measured(
            balanced and all(ingested(chosen).balanced for chosen in self.selection.chosen),
            "rows of ingest, rows and documents of the release",
        )

    def duplicate_share(self) -> Measured:
        documents = sum(one.documents.rows_in for one in self.built.drawn)
        duplicates = sum(one.documents.duplicates for one in self.built.drawn)
        return Measured(_share(duplicates, documents), f"{duplicates:,} of {documents:,} documents")

    def quality_passed(self) -> Measured:
        """Every snapshot is committed with its suite's figures; one without them cannot be vouched for."""
        missing, broken, checks = [], [], 0
        for chosen in self.selection.chosen:
            quality = chosen.snapshot.quality
            if not isinstance(quality.get("checks"), int):
                missing.append(chosen.contract.key)
                continue
            checks += quality["checks"]
            told = sum(int(quality.get(name, 0)) for name in ("passed", "warnings", "skipped"))
            if told < quality["checks"]:
                broken.append(chosen.contract.key)
        if missing or broken:
            said = [f"no results: {', '.join(missing)}"] * bool(missing) + [f"broken: {', '.join(broken)}"] * bool(
                broken
            )
            return Measured(False, "; ".join(said))
        return Measured(True, f"{checks:,} checks, none broken")

    def drift_accepted(self) -> Measured:
        """A snapshot that was held back comes here only once a person accepted it (`release_select`)."""
        by: dict[str, list[str]] = {}
        for chosen in self.selection.chosen:
            status = str(chosen.snapshot.drift.get("status", "not compared"))
            accepted = chosen.snapshot.drift.get("held") or status == "accepted"
            by.setdefault("accepted by a person" if accepted else status, []).append(chosen.contract.key)
        unknown = by.get("not compared", [])
        if unknown:
            return Measured(False, f"never compared with the snapshots before: {', '.join(unknown)}")
        named = {"ok": "as before", "warn": "with remarks", "first": "the first of its data set"}
        return Measured(
            True, "; ".join(f"{len(keys)} {named.get(status, status)}" for status, keys in sorted(by.items()))
        )

    def drift_warnings(self) -> Measured:
        count = sum(
            len(chosen.snapshot.drift.get("changes", ())) + int(chosen.snapshot.drift.get("further", 0))
            for chosen in self.selection.datasets
        )
        return Measured(count, "measures of snapshots outside their contract's levels")

    def source_rejection_rate(self) -> Measured:
        worst, where = Fraction(0), ""
        for chosen in self.selection.chosen:
            counts = ingested(chosen)
            rejected = sum(counts.quarantined.values())
            share = _share(rejected, counts.rows_in)
            if share > worst or not where:
                worst, where = share, f"highest: {chosen.contract.key}, {rejected:,} of {counts.rows_in:,} rows"
        return Measured(worst, where)

    def unscanned_share(self) -> Measured:
        cells = unread = 0
        for chosen in self.selection.chosen:
            scanned = {plan.field for plan in redaction_plan(chosen.contract, self.selection.policy).doing("scan")}
            cells += len(scanned) * sum(receipt.counts.kept for receipt in chosen.current)
            unread += sum(
                count
                for receipt in chosen.current
                for name, count in receipt.not_scanned.items()
                if name.split("|")[0] in scanned
            )
        return Measured(_share(unread, cells), f"{unread:,} of {cells:,} cells of free text")

    def decontaminated(self) -> Measured:
        rule = self.selection.mix.decontaminate
        if rule is None:
            return Measured(False, "the mix names no benchmarks to keep out")
        if "benchmarks" not in self.built.curation:
            return Measured(False, "no overlap was looked for")
        return Measured(
            True, f"documents that overlap with {', '.join(one.name for one in rule.benchmarks)} are left out"
        )

    def k_anonymity(self) -> Measured:
        """Of the source with the smallest class. Documents of several rows count with each of them."""
        if not self.built.classes:
            return Measured(None, "no quasi-identifier stands in what is released")
        blind = [key for key, found in self.built.classes.items() if found["missing"]]
        if blind:
            return Measured(0, f"cannot be told where released rows are in no snapshot: {', '.join(blind)}")
        there = {key: found for key, found in self.built.classes.items() if found["rows"]}
        if not there:
            return Measured(None, "no row with a quasi-identifier was taken")
        key = min(there, key=lambda one: (there[one]["k"], one))
        found = there[key]
        return Measured(
            found["k"],
            f"smallest of {found['classes']:,} classes of {', '.join(found['fields'])} in {found['rows']:,} rows of {key}",
        )

    def sources_per_language(self) -> Measured:
        kinds: dict[str, Counter[str]] = {}
        for chosen, drawn in zip(self.selection.chosen, self.built.drawn, strict=True):
            for language, count in drawn.languages.items():
                if count:
                    kinds.setdefault(language, Counter())[chosen.contract.key] += count
        return _sources_per(kinds, self.gates["sources_per_language"], "language")

    def sources_per_type(self) -> Measured:
        kinds: dict[str, Counter[str]] = {}
        for chosen, drawn in zip(self.selection.chosen, self.built.drawn, strict=True):
            document = chosen.contract.document
            if document is not None and drawn.documents.kept:
                kinds.setdefault(document.profile, Counter())[chosen.contract.key] += drawn.documents.kept
        return _sources_per(kinds, self.gates["sources_per_type"], "type")

    def synthetic_declared(self) -> Measured:
        silent = [one.key for one in self.contracts if not one.synthetic]
        made = [one.key for one in self.contracts if one.synthetic in ("part", "all")]
        held = f"; generated content in {', '.join(made)}, and the manifest says so" if made else ""
        found = _all(silent, self.selection, "say whether they hold generated content")
        return Measured(found.value, found.detail + held)

    def synthetic_share(self) -> Measured:
        pairs = list(zip(self.contracts, self.built.drawn, strict=True))
        total = sum(drawn.tokens for _, drawn in pairs)
        made = sum(drawn.tokens for contract, drawn in pairs if contract.synthetic != "none")
        silent = [contract.key for contract, _ in pairs if not contract.synthetic]
        counted = f"; counted in full, because their contracts do not say: {', '.join(silent)}" if silent else ""
        return Measured(_share(made, total), f"{made:,} of {total:,} tokens{counted}")


def _all(failing: Iterable[str], selection: Selection, what: str) -> Measured:
    failing = list(failing)
    count = len(selection.chosen)
    if failing:
        return Measured(False, f"not so: {', '.join(failing)}")
    return Measured(True, f"{count} of {count} contracts {what}")


def _complete(contract: Contract) -> bool:
    said = (contract.legal_basis, contract.licence, contract.purposes, contract.residency, contract.retention)
    return all(said) and all(field.classification for field in contract.fields)


def _residency(contract: Contract) -> tuple[str, ...]:
    return tuple(part.strip() for part in contract.residency.split(",") if part.strip())


def _share(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(0)


def _sources_per(kinds: dict[str, Counter[str]], gate: Gate, what: str) -> Measured:
    """The fewest data sets of a kind, among kinds with their least share of the documents."""
    total = sum(sum(sets.values()) for sets in kinds.values())
    least = Fraction(gate.options.get("minimumShare", "0"))
    counted = {kind: sets for kind, sets in kinds.items() if sum(sets.values()) and sum(sets.values()) >= least * total}
    if not counted:
        return Measured(0, "the release has no document")
    fewest = min(counted, key=lambda kind: (len(counted[kind]), kind))
    small = f"; {len(kinds) - len(counted)} of less than {least} not counted" if len(kinds) > len(counted) else ""
    return Measured(len(counted[fewest]), f"fewest: {what} {fewest or 'unknown'}, of {len(counted)}{small}")


MEASURED = frozenset(name for name in vars(Measures) if not name.startswith("_") and name != "values")
"""The gates that can be measured while a release is built."""
