"""A data card: Markdown under the YAML header that dataset hubs read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from governance.exports.facts import UNSTATED, Facts, words

_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)


def card(facts: Facts) -> str:
    """The card as text that ends in a line break."""
    manifest, release = facts.manifest, facts.release
    totals = manifest.totals
    parts = [
        _header(facts),
        f"# {_plain(manifest.mix)} {manifest.version}\n\n{_plain(release['description'])}",
        _table(
            ("", ""),
            [
                ("Purpose", f"{manifest.purpose}, for {release['audience']}"),
                ("Format", manifest.sample_format),
                ("Documents", f"{totals['rows']:,}"),
                ("Tokens", f"{totals['tokens']:,} by tokenizer {manifest.tokenizer['name']}"),
                ("Policy", f"{manifest.policy['name']} {manifest.policy['version']}"),
                ("Content digest", manifest.content_digest),
            ],
        ),
        "## Sources",
        _table(
            ("data set", "what", "basis", "licence", "residency", "retention", "documents", "tokens"),
            [
                (
                    one["dataset"],
                    one["description"],
                    one["legal_basis"],
                    one["licence"],
                    one["residency"],
                    one["retention"],
                    f"{one['documents']:,}",
                    f"{one['tokens']:,}",
                )
                for one in facts.sources
            ],
        ),
        "## Languages",
        _table(("language", "documents"), [(tag, f"{count:,}") for tag, count in facts.languages.items()]),
        "## Personal data",
        "Values replaced in all rows that the release could be drawn from; what stands in their place:",
        _table(
            ("entity", "action", "values"),
            [
                (entity, action, f"{count:,}")
                for entity, actions in facts.redacted.items()
                for action, count in actions.items()
            ],
        ),
        _list(facts.report["risks"]),
        "## Not checked",
        _list(f"{one['what']}: {one['why']}" for one in facts.report["unchecked"]),
        "## Limitations",
        _list(f"{one['dataset']}: {one['limitations']}" for one in facts.sources if one.get("limitations")),
        "## Gates",
        _table(
            ("gate", "value", "threshold", "passed", "threshold from", "verified"),
            [
                (
                    gate["name"],
                    gate["value"],
                    f"{gate['comparison']} {gate['threshold']}",
                    "yes" if gate["passed"] else "no",
                    gate["citation"],
                    gate["verified_by"],
                )
                for gate in manifest.gates
            ],
        ),
        "## Use",
        f'```python\nimport clearinghouse\n\nrelease = clearinghouse.open_release(STORE, "{manifest.mix}", "{manifest.version}")\n```',
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _header(facts: Facts) -> str:
    rows = facts.manifest.totals["rows"]
    size = next((name for most, name in _SIZES if rows < most), "n>10M")
    licences = facts.values("licence") or [UNSTATED]
    # JSON is YAML: quoting is settled.
    lines = {
        "pretty_name": f"{facts.manifest.mix} {facts.manifest.version}",
        "language": sorted({tag.partition("-")[0] for tag in facts.languages if tag != "und"}),
        "license": "other",
        "license_name": words(licences),
        "size_categories": [size],
        "task_categories": ["text-generation"],
    }
    body = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in lines.items())
    return f"---\n{body}\n---"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(_plain(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {_plain(item)}" for item in items) or "- nothing"


def _plain(text: object) -> str:
    """Text that Markdown shows as it stands, on one line: contracts are data here, not mark-up."""
    out = " ".join(str(text).split())
    for sign in "\\`*_[]<>|":
        if sign in out:
            out = out.replace(sign, "\\" + sign) if sign != "<" else out.replace("<", "&lt;")
    return out
