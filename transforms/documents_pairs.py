"""Pairs of a preferred and a rejected answer to one prompt, by the rule of a contract.

Answers of several rows are paired within their group and language, so that a model does not learn to prefer a language:
the first that is preferred with the first that is rejected, and so on in the order of the rows. Later rows come later, so
earlier pairs stay what they were. A pair that may not be used has a reason:

    equal_answers   both say the same
    prompt_differs  the prompt names a field in which the two rows differ
    empty_turn      the prompt says nothing
"""

from __future__ import annotations

import polars as pl

from schemas.contract import Document
from transforms.documents_templates import blank, met, text
from transforms.documents_turns import CALLS, MESSAGES, prompts


def of_rows(rows: pl.DataFrame, document: Document) -> tuple[pl.DataFrame, int]:
    """Pairs of rows, sorted by group, and how many rows found no partner.

    ``rows`` are sorted and each on one side; columns of the result: ids, group, partition, position, rows, language,
    messages (the prompt with the preferred answer), prompt, chosen, rejected, text, reason.
    """
    pairing = document.pairing
    assert pairing is not None
    stated = pl.col("_language").fill_null("")
    sided = rows.with_columns(
        _side=met(pairing.chosen, rows), _answer=text(pairing.answer, rows), _stated=stated
    ).with_columns(_nth=pl.int_range(pl.len(), dtype=pl.UInt32).over("_group", "_stated", "_side"))
    keys = ["_group", "_stated", "_nth"]
    chosen, rejected = (sided.filter(pl.col("_side") == side) for side in (True, False))
    # The same wording is asked of both rows, that of the preferred one: the id chooses it.
    place = chosen.select(*keys, _own="_id")
    chosen = chosen.join(rejected.select(keys), on=keys, how="semi").sort(keys)
    rejected = rejected.join(place, on=keys, how="inner").sort(keys)
    asked = prompts(_asking(chosen), document.prompt)
    again = prompts(_asking(rejected.with_columns(_their="_id", _id="_own")), document.prompt)
    first = _first(chosen, rejected)
    made = pl.DataFrame(
        {
            "ids": pl.select(pl.concat_list(chosen["_id"], rejected["_id"]).list.sort()).to_series(),
            "group": chosen["_group"],
            "partition": first["partition"],
            "position": first["position"],
            "rows": pl.Series([2] * chosen.height, dtype=pl.Int32),
            "language": chosen["_language"],
        }
    )
    differs = asked["text"] != again["text"]
    made = _with_answers(made, asked, chosen["_answer"], rejected["_answer"])
    reason = pl.coalesce("reason", pl.when(pl.Series(differs)).then(pl.lit("prompt_differs")))
    return made.with_columns(reason=reason), rows.height - 2 * made.height


def in_rows(rows: pl.DataFrame, document: Document) -> pl.DataFrame:
    """One pair a row that holds both answers, in the order of the rows; ``text`` is null where one says nothing."""
    pairing = document.pairing
    assert pairing is not None
    swap = met(pairing.swap, rows) if pairing.swap else pl.lit(value=False)
    better, worse = text(pairing.better, rows), text(pairing.worse, rows)
    sides = rows.select(
        chosen=pl.when(swap).then(worse).otherwise(better), rejected=pl.when(swap).then(better).otherwise(worse)
    )
    made = rows.select(id="_id", partition="_partition", position="_position", language="_language")
    asked = prompts(_asking(rows), document.prompt)
    made = _with_answers(made, asked, sides["chosen"], sides["rejected"])
    nothing = blank(pl.lit(sides["chosen"])) | blank(pl.lit(sides["rejected"]))
    return made.with_columns(text=pl.when(~nothing).then(pl.col("text")))


def _asking(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(_g=pl.int_range(pl.len(), dtype=pl.UInt32))


def _first(chosen: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
    """Where the earlier row of each pair stands."""
    both = pl.DataFrame(
        {
            "one": chosen["_partition"],
            "at": chosen["_position"],
            "two": rejected["_partition"],
            "there": rejected["_position"],
        }
    )
    earlier = (pl.col("one") < pl.col("two")) | ((pl.col("one") == pl.col("two")) & (pl.col("at") <= pl.col("there")))
    return both.select(
        partition=pl.when(earlier).then(pl.col("one")).otherwise(pl.col("two")),
        position=pl.when(earlier).then(pl.col("at")).otherwise(pl.col("there")),
    )


def _with_answers(made: pl.DataFrame, asked: pl.DataFrame, chosen: pl.Series, rejected: pl.Series) -> pl.DataFrame:
    made = made.with_columns(
        messages=pl.select(pl.concat_list(asked["messages"], _turn(chosen, learnt=True))).to_series(),
        prompt=asked["messages"],
        chosen=_turn(chosen, learnt=True),
        rejected=_turn(rejected, learnt=False),
        reason=asked["reason"],
        _asked=asked["text"],
        _one=chosen,
        _two=rejected,
    )
    equal = pl.col("_one").str.strip_chars() == pl.col("_two").str.strip_chars()
    return made.with_columns(
        text=pl.concat_str(
            pl.col("_asked"),
            pl.lit("\nchosen: "),
            pl.col("_one"),
            pl.lit("\nrejected: "),
            pl.col("_two"),
            ignore_nulls=True,
        ),
        reason=pl.coalesce("reason", pl.when(equal).then(pl.lit("equal_answers"))),
    ).drop("_asked", "_one", "_two")


def _turn(said: pl.Series, *, learnt: bool) -> pl.Series:
    """One assistant's turn as a conversation of its own."""
    frame = pl.DataFrame({"content": said.fill_null("")})
    message = pl.struct(
        role=pl.lit("assistant"),
        content="content",
        train=pl.lit(learnt),
        name=pl.lit(None, pl.String),
        tool_call_id=pl.lit(None, pl.String),
        tool_calls=pl.lit([], CALLS),
    )
    return frame.select(pl.concat_list(message).cast(MESSAGES)).to_series()


__all__ = ["in_rows", "of_rows"]
