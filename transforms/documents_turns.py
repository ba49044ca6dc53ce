"""Conversations made of rows by the turns of a contract: questions and answers, calls of tools, whole trajectories.

A turn is said by the first, the last, each or all of the rows of a group that meet its condition; turns of ``each`` that
stand beside each other are said row by row. Everything is worked out a column at a time over all groups at once. Where a
conversation cannot be used, its first fault is its reason:

    turn_missing        no row says a turn that is not optional
    empty_turn          a row says a turn, and nothing is in it
    arguments_not_json  a call's arguments are not a JSON object
    argument_missing    a call lacks an argument that its tool requires
    tool_unknown        a call names a tool that the view does not declare
    roles_out_of_order  nobody asked, a tool answers what nobody called, or one speaks twice
    nothing_to_learn    no turn of the assistant's is left
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import polars as pl

from schemas.contract import Document
from schemas.document_parts import Call, Tool, Turn
from transforms.documents_templates import blank, json_object, met, text, wording

CALLS = pl.List(pl.Struct({"id": pl.String, "name": pl.String, "arguments": pl.String}))
MESSAGES = pl.List(
    pl.Struct(
        {
            "role": pl.String,
            "content": pl.String,
            "train": pl.Boolean,
            "name": pl.String,
            "tool_call_id": pl.String,
            "tool_calls": CALLS,
        }
    )
)
_BARE = pl.List(pl.Struct({"name": pl.String, "arguments": pl.String}))
_LONG: dict[str, Any] = {
    "_g": pl.UInt32,
    "block": pl.Int32,
    "rank": pl.UInt32,
    "turn": pl.Int32,
    "role": pl.String,
    "train": pl.Boolean,
    "content": pl.String,
    "calls": _BARE,
    "fault": pl.String,
}


def conversations(rows: pl.DataFrame, document: Document) -> pl.DataFrame:
    """One conversation a group: columns ``_g``, ``messages`` (`MESSAGES`), ``text`` and ``reason``, by ``_g``.

    ``rows`` are sorted, each group's together; ``_g`` numbers the groups from 0 without a gap, ``_language`` is a row's
    tag or null. ``text`` is the transcript, a line a turn.
    """
    made = _gathered(rows, _checked(_spoken(rows, document.turns, document.tools)))
    learnt = pl.col("messages").list.eval(pl.element().struct.field("train")).list.any()
    idle = pl.when(~learnt.fill_null(value=False)).then(pl.lit("nothing_to_learn"))
    return made.with_columns(reason=pl.coalesce("reason", idle))


def prompts(rows: pl.DataFrame, turns: tuple[Turn, ...]) -> pl.DataFrame:
    """What each row asks, in the columns of `conversations`; every row is a group of its own."""
    return _gathered(rows, _spoken(rows, turns, ()))


def transcript(messages: pl.Series) -> pl.Series:
    """Conversations (`MESSAGES`) as text: a line a turn, ``role: content``, and a line a call."""
    frame = pl.DataFrame({"messages": messages}).with_row_index("_g")
    long = frame.explode("messages").unnest("messages").rename({"tool_calls": "made"})
    made = long.group_by("_g", maintain_order=True).agg(_line().filter(pl.col("role").is_not_null()).str.join("\n"))
    return made.select(pl.col(made.columns[-1]).fill_null("")).to_series().rename("text")


def _gathered(rows: pl.DataFrame, long: pl.DataFrame) -> pl.DataFrame:
    said = pl.col("role").is_not_null()
    made = (
        _numbered(long)
        .group_by("_g", maintain_order=True)
        .agg(
            messages=pl.struct(*_FIELDS, tool_calls=pl.col("made")).filter(said),
            text=_line().filter(said).str.join("\n"),
            reason=pl.col("fault").drop_nulls().first(),
        )
    )
    count = int(rows["_g"].max()) + 1 if rows.height else 0  # type: ignore[arg-type]
    groups = pl.DataFrame({"_g": pl.int_range(count, dtype=pl.UInt32, eager=True)})
    return groups.join(made, on="_g", how="left", maintain_order="left").select(
        "_g",
        pl.col("messages").cast(MESSAGES).fill_null(pl.lit([], MESSAGES)),
        pl.col("text").fill_null(""),
        "reason",
    )


def _spoken(rows: pl.DataFrame, turns: tuple[Turn, ...], tools: tuple[Tool, ...]) -> pl.DataFrame:
    """Every turn that is said, in order: one row a turn, schema `_LONG`; a fault alone has no role."""
    parts = [pl.DataFrame(schema=_LONG)]
    rows = rows.with_row_index("_r")
    block = -1
    each = False
    for number, turn in enumerate(turns):
        if not (each and turn.of == "each"):
            block += 1
        each = turn.of == "each"
        parts.append(
            _part(rows, turn, tools).with_columns(block=pl.lit(block, pl.Int32), turn=pl.lit(number, pl.Int32))
        )
    return pl.concat([part.select(*_LONG) for part in parts]).sort("_g", "block", "rank", "turn")


def _part(rows: pl.DataFrame, turn: Turn, tools: tuple[Tool, ...]) -> pl.DataFrame:
    """What the groups say of one turn."""
    said = rows.filter(met(turn.when, rows)) if turn.when else rows
    if turn.of == "first":
        said = said.unique("_g", keep="first", maintain_order=True)
    elif turn.of == "last":
        said = said.unique("_g", keep="last", maintain_order=True)
    made = said.select(
        "_g",
        rank=pl.col("_r") if turn.of == "each" else pl.lit(0, pl.UInt32),
        content=_content(turn, said),
    )
    calls, faults = _calls(turn.calls, said, {tool.name: tool for tool in tools})
    made = made.with_columns(calls, faults)
    if turn.of == "all":
        made = _together(made, turn)
    nothing = blank(pl.col("content")) & (pl.col("calls").list.len().fill_null(0) == 0)
    if turn.optional:
        made = made.filter(~nothing | pl.col("fault").is_not_null())
    else:
        fault = pl.coalesce("fault", pl.when(nothing).then(pl.lit("empty_turn")))
        made = made.with_columns(fault=fault)
    made = made.with_columns(role=pl.lit(turn.role), train=pl.lit(turn.train))
    if turn.optional or turn.of == "each":
        return made
    missing = rows.select(pl.col("_g").unique(maintain_order=True)).join(made, on="_g", how="anti")
    return pl.concat(
        [made, missing.with_columns(rank=pl.lit(0, pl.UInt32), fault=pl.lit("turn_missing"))], how="diagonal"
    )


def _content(turn: Turn, said: pl.DataFrame) -> pl.Expr:
    if turn.json:
        return json_object(turn.json, said)
    return wording(turn.wordings, said, pl.col("_language")) if turn.wordings else pl.lit(None, pl.String)


def _together(made: pl.DataFrame, turn: Turn) -> pl.DataFrame:
    """One turn of a group from what its rows say: texts joined, objects as a list."""
    full = pl.col("content").filter(~blank(pl.col("content")))
    joined = pl.concat_str(pl.lit("["), full.str.join(", "), pl.lit("]")) if turn.json else full.str.join(turn.join)
    return made.group_by("_g", maintain_order=True).agg(
        rank=pl.lit(0, pl.UInt32),
        content=pl.when(full.len() > 0).then(joined),
        calls=pl.lit([], _BARE).first(),
        fault=pl.col("fault").drop_nulls().first(),
    )


def _calls(calls: tuple[Call, ...], said: pl.DataFrame, tools: Mapping[str, Tool]) -> tuple[pl.Series, pl.Series]:
    """The calls that each row makes, and what is wrong with the first that cannot be made."""
    if not calls:
        # A value repeated, not a list of Python lists, each of which would become a series of its own.
        none = pl.Series("calls", [[]], _BARE), pl.Series("fault", [None], pl.String)
        return none[0].new_from_index(0, said.height), none[1].new_from_index(0, said.height)
    columns: dict[str, pl.Series] = {}
    for number, call in enumerate(calls):
        shown = said.select(
            name=text(call.name, said) if "{" in call.name else pl.lit(call.name),
            arguments=text(call.text, said)
            if call.text
            else json_object(call.arguments, said)
            if call.arguments
            else pl.lit("{}"),
        )
        judged = [_judged(name, found, tools) for name, found in shown.iter_rows()]
        for place, part in enumerate(("name", "arguments", "fault")):
            columns[f"{part}{number}"] = pl.Series([one[place] for one in judged], dtype=pl.String)
    made = pl.DataFrame(columns).select(
        calls=pl.concat_list(pl.struct(name=f"name{n}", arguments=f"arguments{n}") for n in range(len(calls))),
        fault=pl.coalesce(f"fault{n}" for n in range(len(calls))),
    )
    return made["calls"].cast(_BARE), made["fault"]


def _judged(
    name: str | None, arguments: str | None, tools: Mapping[str, Tool]
) -> tuple[str | None, str | None, str | None]:
    """Name and arguments of a call, and what is wrong with it."""
    tool = tools.get((name or "").strip())
    if tool is None:
        return name, arguments, "tool_unknown"
    try:
        given = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        return tool.name, "{}", "arguments_not_json"
    missing = not _required(tool.parameters) <= given.keys()
    return tool.name, json.dumps(given, ensure_ascii=False), "argument_missing" if missing else None


@lru_cache(maxsize=256)
def _required(parameters: str) -> frozenset[str]:
    return frozenset(json.loads(parameters).get("required", ()))


def _checked(long: pl.DataFrame) -> pl.DataFrame:
    """With the fault ``roles_out_of_order`` where a turn cannot come after those before it."""
    role, tool = pl.col("role"), (pl.col("role") == "tool").fill_null(value=False)
    calls = pl.col("calls").list.len().fill_null(0).cast(pl.Int64)
    # Turns that nobody says have a fault of their own, and no part in the order.
    before = role.shift(1).over("_g")
    unanswered = (calls.cum_sum() - calls - tool.cast(pl.Int64).cum_sum() + tool.cast(pl.Int64)).over("_g")
    alone = before.is_null() | (before == "system")
    wrong = (
        pl.when(role == "system")
        .then(before.is_not_null() & (before != "system"))
        .when(role == "tool")
        .then(unanswered <= 0)
        .when(unanswered != 0)
        .then(pl.lit(value=True))
        .when(role == "assistant")
        .then(alone | (before == "assistant"))
        .otherwise(before.is_in(["user", "tool"]).fill_null(value=False))
    )
    fault = pl.coalesce("fault", pl.when(role.is_not_null() & wrong).then(pl.lit("roles_out_of_order")))
    return long.with_columns(fault=fault)


def _numbered(long: pl.DataFrame) -> pl.DataFrame:
    """With calls numbered through each conversation in ``made``, and each tool's turn tied to the call it answers."""
    long = long.with_row_index("_row").with_columns(
        answer=pl.when(pl.col("role") == "tool").then((pl.col("role") == "tool").cum_sum().over("_g")).cast(pl.UInt32)
    )
    each = (
        long.filter(pl.col("calls").list.len() > 0)
        .select("_row", "_g", "calls")
        .explode("calls")
        .with_columns(nth=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over("_g"))
        .unnest("calls")
        .with_columns(id=pl.lit("call_") + pl.col("nth").cast(pl.String))
    )
    made = each.group_by("_row", maintain_order=True).agg(made=pl.struct("id", "name", "arguments"))
    answered = each.select("_g", answer="nth", tool_call_id="id", tool="name")
    return (
        long.join(made, on="_row", how="left", maintain_order="left")
        .join(answered, on=["_g", "answer"], how="left", maintain_order="left")
        .with_columns(
            content=pl.col("content").fill_null(""),
            made=pl.col("made").cast(CALLS).fill_null(pl.lit([], CALLS)),
            name=pl.col("tool"),
        )
    )


_FIELDS = ("role", "content", "train", "name", "tool_call_id")


def _line() -> pl.Expr:
    """One turn as lines of a transcript."""
    calls = pl.col("made").list.eval(
        pl.concat_str(
            pl.element().struct.field("name"), pl.lit("("), pl.element().struct.field("arguments"), pl.lit(")")
        )
    )
    content = pl.when(pl.col("content").str.len_bytes() > 0).then(pl.col("content"))
    said = pl.concat_str(content, calls.list.join("\n").replace("", None), separator="\n", ignore_nulls=True)
    return pl.concat_str(pl.col("role").fill_null("?"), pl.lit(": "), said)


__all__ = ["CALLS", "MESSAGES", "conversations", "prompts", "transcript"]
