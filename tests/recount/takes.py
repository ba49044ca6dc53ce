"""Which source of a mix takes a document, by what the mix says: languages, filters on fields, lengths. Apart from the product's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_STEPS = ("language", "where", "too_short", "too_long")


class Taker:
    """The sources of a recipe that draw from one data set under one view, in their order."""

    def __init__(self, recipe: dict[str, Any], dataset: str, view: str) -> None:
        self.sources = [one for one in recipe["sources"] if dataset in one["datasets"] and one.get("view", "") == view]
        assert self.sources, (dataset, view)

    @property
    def fields(self) -> list[str]:
        """Fields of the rows that are asked of."""
        names = {one["field"] for source in self.sources for one in source["where"]}
        return sorted(name for name in names if not name.startswith("document."))

    def asked(
        self, rows: list[dict[str, Any]], documents: list[dict[str, Any]], view: str
    ) -> dict[str, dict[str, Any]]:
        """What the one row of each document has in these fields, by the document's id."""
        if not rows:
            return {}
        from tests.recount.tally import document_id

        assert all(one["group"] is None or one["rows"] == 1 for one in documents), "filters on fields of several rows"
        return {document_id([row["_id"]], view): row for row in rows}

    def judge(self, document: dict[str, Any], fields: dict[str, Any]) -> tuple[str, str]:
        """The source that takes it, else why none does: the reason of the one that it came nearest to."""
        furthest = -1
        for source in self.sources:
            step = self._step(source, document, fields)
            if step is None:
                return source["name"], ""
            furthest = max(furthest, step)
        return "", _STEPS[furthest]

    def _step(self, source: dict[str, Any], document: dict[str, Any], fields: dict[str, Any]) -> int | None:
        tag = (document["language"] or "").lower()
        wanted = [one.lower() for one in source["languages"]]
        if wanted and "*" not in wanted and not any(tag == one or tag.startswith(f"{one}-") for one in wanted):
            return 0
        for one in source["where"]:
            name = one["field"]
            value = document[name.removeprefix("document.")] if name.startswith("document.") else fields.get(name)
            if not passes(value, one["op"], one["values"]):
                return 1
        if document["chars"] < source["min_chars"]:
            return 2
        if source["max_chars"] is not None and document["chars"] > source["max_chars"]:
            return 3
        return None


def passes(value: Any, op: str, values: Iterable[Any]) -> bool:
    """Whether a value meets a condition; an empty one meets none but ``null``."""
    values = list(values)
    if op == "null":
        return (value is None) == (values[0] in (True, "true", "True"))
    if value is None:
        return False
    mine, others = plain(value, value), [plain(one, value) for one in values]
    if op in ("in", "="):
        return mine in others
    if op in ("not in", "!="):
        return mine not in others
    (other,) = others
    answers: dict[str, bool] = {"<": mine < other, "<=": mine <= other, ">": mine > other, ">=": mine >= other}
    return answers[op]


def plain(one: Any, like: Any) -> Any:
    """A value of a filter as a column has it."""
    if isinstance(like, bool):
        return one if isinstance(one, bool) else str(one).lower() == "true"
    if isinstance(like, int | float | Decimal):
        return Decimal(str(one))
    if isinstance(like, datetime | date):
        return str(one)[: 10 if not isinstance(like, datetime) else None].replace("T", " ")
    return str(one)
