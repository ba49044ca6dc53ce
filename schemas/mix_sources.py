"""The parts of a mix from YAML: sources, their amounts, stages and the split. All faults are reported at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from schemas.contract import MixSource, Split, Stage
from schemas.mix_where import exact_decimal, read_where
from schemas.names import did_you_mean
from schemas.raw import as_items, as_mapping, as_text, is_number
from schemas.yaml_lines import Place, YamlFile

BY_ITSELF = ("document", "conversation")
"""What a split goes by where it goes by no field."""

Row = tuple[Place, Mapping[str, Any]]


def read_source(found: YamlFile, item: Mapping[str, Any], place: Place) -> MixSource:
    """One source; what its filter says that cannot be read is reported."""
    dataset, unit, view = as_text(item.get("dataset")), as_text(item.get("unit")), as_text(item.get("view"))
    tokens, epochs = item.get("tokens"), item.get("epochs", 1)
    return MixSource(
        dataset=dataset,
        weight=_decimal(item.get("weight")),
        tokens=tokens if isinstance(tokens, int) else None,
        epochs=exact_decimal(epochs) if is_number(epochs) else Decimal(1),
        languages=tuple(map(str, as_items(item.get("languages")))),
        min_chars=item.get("minChars", 1),
        max_chars=item.get("maxChars"),
        name=name_of(item),
        unit=unit,
        without=tuple(map(str, as_items(item.get("except")))),
        datasets=(dataset,) if dataset else (),
        where=read_where(found, item.get("where"), (*place, "where")),
        view=view,
    )


def name_of(item: Mapping[str, Any]) -> str:
    """What a source is called: its name, else its data set (and view) or unit."""
    usual = as_text(item.get("dataset")) or as_text(item.get("unit"))
    view = as_text(item.get("view"))
    return as_text(item.get("name")) or (f"{usual}/{view}" if view else usual)


def check_sources(found: YamlFile, data: Mapping[str, Any]) -> None:
    """Names, weights, budgets and lengths that cannot hold together."""
    rows: list[Row] = [(("sources", i), as_mapping(item)) for i, item in enumerate(as_items(data.get("sources")))]
    _names(found, rows)
    _lengths(found, rows)
    _weights(found, rows)
    if data.get("stages"):
        for place, row in rows:
            if "tokens" in row:
                found.report(
                    (*place, "tokens"),
                    "with stages a source has no tokens of its own",
                    "write them under the stage's tokens, or give the source a weight",
                )
    else:
        _budget(found, rows, data.get("budget"))


def _names(found: YamlFile, rows: Sequence[Row]) -> None:
    seen: dict[str, int] = {}
    open_to_all: dict[tuple[str, str], str] = {}
    for place, row in rows:
        if ("dataset" in row) == ("unit" in row):
            found.report(place, "needs exactly one of dataset, unit")
            continue
        if "except" in row and "unit" not in row:
            found.report((*place, "except"), "except is for a unit's data sets", "remove it")
        key, name = ("dataset" if "dataset" in row else "unit"), name_of(row)
        if name in seen:
            found.report(
                (*place, "name" if "name" in row else key),
                f"{name} is there twice; the first is on line {seen[name]}",
                "put its languages and share into one source, or give each a name of its own",
            )
            continue
        seen[name] = found.line((*place, key))
        what = (as_text(row.get(key)), as_text(row.get("view")))
        if what in open_to_all:
            found.report(
                place,
                f"gets nothing: all documents of {what[0]} go to the source {open_to_all[what]!r} before it",
                "put the source with languages or a filter first: a document belongs to the first that takes it",
            )
        if not any(name in row for name in ("languages", "where", "minChars", "maxChars", "except")):
            open_to_all.setdefault(what, name)


def _lengths(found: YamlFile, rows: Sequence[Row]) -> None:
    for place, row in rows:
        least, most = row.get("minChars", 1), row.get("maxChars")
        if is_number(least) and is_number(most) and least > most:
            found.report((*place, "maxChars"), f"maxChars {most} is less than minChars {least}")


def _weights(found: YamlFile, rows: Sequence[Row]) -> None:
    for place, row in rows:
        if "weight" in row and "tokens" in row:
            found.report(place, "has weight and tokens, of which only one can hold", "keep one")
    weights = [row["weight"] for _, row in rows if is_number(row.get("weight"))]
    if weights and not any(weight > 0 for weight in weights):
        found.report(
            ("sources",), "all weights are 0, so nothing would be drawn", "give at least one source a weight above 0"
        )
    if weights:
        for place, row in rows:
            if "weight" not in row and "tokens" not in row:
                found.report(
                    place,
                    "has neither weight nor tokens, and other sources have weights",
                    "give it one, or leave the weights out everywhere: then each source's share is what it holds",
                )


def _budget(found: YamlFile, rows: Sequence[Row], budget: Any) -> None:
    weights = [row for _, row in rows if "tokens" not in row]
    tokens = sum(row["tokens"] for _, row in rows if isinstance(row.get("tokens"), int))
    if not isinstance(budget, int) or isinstance(budget, bool) or budget < 1:
        return
    if tokens > budget:
        found.report(
            ("budget",),
            f"the sources ask for {tokens:,} tokens, more than the budget of {budget:,}",
            "raise the budget, or lower the sources",
        )
    elif rows and not weights and tokens < budget:
        found.report(
            ("budget",),
            f"the sources ask for {tokens:,} tokens, which cannot fill the budget of {budget:,}",
            "leave the budget out, or give a source a weight instead of tokens",
        )
    elif weights and tokens == budget:
        found.report(
            ("budget",),
            "the sources with tokens use the whole budget, so those with weights get nothing",
            "raise the budget",
        )


def temperature(found: YamlFile, value: Any, place: Place) -> Decimal | None:
    """A temperature as written: at most two decimals, so that its power is quickly worked out exactly."""
    made = _decimal(value)
    if made is not None and made != round(made, 2):
        found.report(place, f"{made:f} has more than two decimals", "such as 1.5 or 3.33")
    return made


def read_stages(found: YamlFile, data: Mapping[str, Any]) -> tuple[Stage, ...]:
    """The stages of a curriculum; amounts that cannot hold together are reported."""
    stages: list[Stage] = []
    names = [name_of(as_mapping(item)) for item in as_items(data.get("sources"))]
    for number, item in enumerate(as_items(data.get("stages"))):
        body, place = as_mapping(item), ("stages", number)
        stage = Stage(
            name=as_text(body.get("name")),
            budget=body["budget"] if isinstance(body.get("budget"), int) else None,
            share=_decimal(body.get("share")),
            weights={
                name: made for name, value in as_mapping(body.get("weights")).items() if (made := _decimal(value))
            },
            tokens={name: value for name, value in as_mapping(body.get("tokens")).items() if isinstance(value, int)},
            temperature=temperature(found, body.get("temperature"), (*place, "temperature")),
        )
        _stage(found, stage, body, place, names)
        if stage.name and stage.name in [other.name for other in stages]:
            found.report((*place, "name"), f"the stage {stage.name!r} is there twice", "rename one")
        stages.append(stage)
    if stages:
        _stage_amounts(found, stages, data.get("budget"))
    return tuple(stages)


def _stage(found: YamlFile, stage: Stage, body: Mapping[str, Any], place: Place, names: Sequence[str]) -> None:
    if ("budget" in body) == ("share" in body):
        found.report(place, "needs exactly one of budget, share")
    for key in ("weights", "tokens"):
        for name in as_mapping(body.get(key)):
            if name not in names:
                found.report(
                    (*place, key, name),
                    f"{name!r} is not a source of the mix",
                    did_you_mean(name, names, what="sources"),
                )
            elif key == "tokens" and name in stage.weights:
                found.report(
                    (*place, key, name), f"{name} has weight and tokens, of which only one can hold", "keep one"
                )
    if "weights" in body and not stage.weights and not stage.tokens:
        found.report(
            (*place, "weights"), "all weights are 0, so nothing would be drawn", "give at least one a weight above 0"
        )
    tokens = sum(stage.tokens.values())
    if stage.budget is not None and tokens > stage.budget:
        found.report(
            (*place, "tokens"),
            f"the stage's sources ask for {tokens:,} tokens, {tokens - stage.budget:,} more than its {stage.budget:,}",
            "raise the stage's budget, or lower them",
        )


def _stage_amounts(found: YamlFile, stages: Sequence[Stage], budget: Any) -> None:
    shares = [stage.share for stage in stages if stage.share is not None]
    fixed = sum(stage.budget or 0 for stage in stages)
    if shares and sum(shares) != 1:
        found.report(
            ("stages",),
            f"the stages' shares add up to {sum(shares):f}, not 1",
            "shares are of what is left of the budget after stages that have one of their own",
        )
    if not isinstance(budget, int) or isinstance(budget, bool):
        return
    if fixed > budget or (shares and fixed == budget):
        found.report(
            ("stages",),
            f"the stages' budgets are {fixed:,} tokens together, "
            + (f"{fixed - budget:,} more than" if fixed > budget else "all of")
            + f" the budget of {budget:,}" + (", so those with shares get nothing" if fixed == budget else ""),
            "raise the budget, or lower the stages",
        )  # fmt: skip
    elif not shares and fixed < budget:
        found.report(
            ("stages",),
            f"the stages' budgets are {fixed:,} tokens together, {budget - fixed:,} less than the budget of {budget:,}",
            "leave the budget out, or give a stage a share of 1 instead",
        )


def read_split(item: Any) -> Split | None:
    """What is held out for validation."""
    if not isinstance(item, dict):
        return None
    body: Mapping[str, Any] = item
    more: dict[str, Any] = {name: body[name] for name in ("by", "salt") if isinstance(body.get(name), str)}
    return Split(
        validation=_decimal(body.get("validation")) or Decimal(0),
        fields={str(name): str(field) for name, field in as_mapping(body.get("fields")).items()},
        tokens=body["tokens"] if isinstance(body.get("tokens"), int) else None,
        **more,
    )


def _decimal(value: Any) -> Decimal | None:
    return exact_decimal(value) if is_number(value) else None
