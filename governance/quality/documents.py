"""A suite's results as JSON and as Data Docs that open without a network.

Great Expectations' own Data Docs are megabytes of fonts and pictures and fetch style and script from public servers.
Here each expectation is put into its words (`words`, or else its renderers), from masked arguments; the page around them
is ours, and nothing in it loads or runs. There is no clock and no random name in any byte.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import metadata, resources
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from governance.quality.evidence import Check
from governance.quality.safe_html import clean
from governance.quality.words import said
from schemas.contract import Contract

RESULTS = "results.json"
INDEX = "data_docs/index.html"
SUITE = "data_docs/suite.html"


def documents(
    contract: Contract, checks: Sequence[Check], statistics: Mapping[str, int], success: bool
) -> dict[str, bytes]:
    """The three documents by their relative paths."""
    groups: dict[str, list[Mapping[str, Any]]] = {name: [] for name in ("", "_id", *(f.name for f in contract.fields))}
    for check in checks:
        if check.status != "skipped":
            groups.setdefault(check.column or "", []).append({"check": check, "words": _words(check)})
    facts = {
        "dataset": contract.key,
        "version": contract.version,
        "success": success,
        "statistics": statistics,
        "gx_version": _gx_version(),
        "groups": [(name or "Table", group) for name, group in groups.items() if group],
        "not_run": [check for check in checks if check.status == "skipped"],
    }
    return {
        RESULTS: _json(contract, checks, statistics, success),
        INDEX: _page(title="Data quality", outcomes=True, other=("suite.html", "Suite"), **facts),
        SUITE: _page(title="Quality suite", outcomes=False, other=("index.html", "Results"), **facts),
    }


def _json(contract: Contract, checks: Sequence[Check], statistics: Mapping[str, int], success: bool) -> bytes:
    """The layout of Great Expectations' validation result, with the checks that were not run beside the others."""
    body = {
        "success": success,
        "suite_name": contract.key,
        "statistics": dict(statistics),
        "results": [_as_result(check) for check in checks if check.status != "skipped"],
        "not_run": [check.as_dict() for check in checks if check.status == "skipped"],
        "meta": {
            "great_expectations_version": _gx_version(),
            "contract": contract.key,
            "contract_version": contract.version,
        },
    }
    return json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False).encode() + b"\n"


def _as_result(check: Check) -> dict[str, Any]:
    outcome = {
        "element_count": check.element_count,
        "missing_count": check.missing_count,
        "unexpected_count": check.unexpected_count,
        "unexpected_percent": check.unexpected_percent,
        "observed_value": check.observed,
        "unexpected_shapes": [{"shape": shape, "count": count} for shape, count in check.shapes],
        "unexpected_rows": list(check.rows),
        "unexpected_places": [{"partition": partition, "position": position} for partition, position in check.places],
    }
    return {
        "success": check.success,
        "expectation_config": {
            "type": check.expectation,
            "kwargs": check.arguments,
            "severity": check.severity,
            "meta": {"origin": check.origin} | ({"note": check.note} if check.note else {}),
        },
        "result": {key: value for key, value in outcome.items() if value not in (None, [])},
        "exception_info": {
            "raised_exception": check.status == "unevaluated",
            "exception_message": check.reason or None,
        },
    }


def _words(check: Check) -> Markup:
    """The expectation in Great Expectations' own words, or its type and arguments where it has none."""
    known = said(check.expectation, check.arguments)
    return known if known is not None else _rendered(check)


def _rendered(check: Check) -> Markup:
    """The library's own rendering, reduced to what loads nothing. Imports it, which takes seconds."""
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.registry import get_renderer_impl
    from great_expectations.render import LegacyRendererType
    from great_expectations.render.view.view import DefaultJinjaSectionView

    from governance.quality.context import register

    register()
    config = ExpectationConfiguration(type=check.expectation, kwargs=dict(check.arguments))
    found = get_renderer_impl(check.expectation, LegacyRendererType.PRESCRIPTIVE)
    if found is not None:
        try:
            styling = {"default": {"classes": ["badge"]}}
            runtime = {"styling": styling, "include_column_name": False}
            blocks: Any = found.renderer(configuration=config, runtime_configuration=runtime)
            section = {"content_blocks": [block.to_json_dict() for block in blocks]}
            text = clean(DefaultJinjaSectionView().render({"section": section, "section_loop": {"index": 1}}))
        except Exception:  # noqa: S110 - a renderer that stumbles over a masked argument has the plain form below
            pass
        else:
            return Markup(text)  # noqa: S704 - reduced to an allow-list by clean()
    arguments = json.dumps(check.arguments, ensure_ascii=False, sort_keys=True)
    return Markup("<code>{} {}</code>").format(escape(check.expectation), escape(arguments))


def _gx_version() -> str:
    return metadata.version("great_expectations")


@lru_cache(maxsize=1)
def _template() -> Any:
    text = resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)


def _page(**facts: Any) -> bytes:
    return _template().render(**facts).encode()
