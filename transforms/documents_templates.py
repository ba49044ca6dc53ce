"""Templates of documents as Polars expressions: text over fields, JSON objects, wordings by language, requirements.

What is null or blank says nothing: a line whose fields are all null goes, a text whose fields are all blank is null,
and so is an object without a value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from string import Formatter

import polars as pl

from schemas.document_parts import ANY_LANGUAGE, Requirement
from schemas.errors import ClearinghouseError
from transforms.language import matches


class TemplateError(ClearinghouseError):
    """A document template that names what the snapshot does not have, or that cannot be read."""

    exit_code = 2


@lru_cache(maxsize=1024)
def lines_of(template: str) -> tuple[tuple[tuple[str, str | None], ...], ...]:
    """(literal, field or None) pairs of each line of a template. Raises `TemplateError`."""
    found = []
    for line in template.split("\n"):
        try:
            parts = list(Formatter().parse(line))
        except ValueError as error:
            raise TemplateError(f"document template {template!r}: {error}") from None
        if any(spec or conversion for _, _, spec, conversion in parts):
            raise TemplateError(f"document template {template!r}: a field takes no format after its name")
        found.append(tuple((literal, name) for literal, name, _, _ in parts))
    return tuple(found)


def text(template: str, frame: pl.DataFrame) -> pl.Expr:
    """The template as an expression; null where every field is null or blank.

    A line whose fields are all null is left out; a line without fields stays, unless all others went.
    """
    lines: list[pl.Expr] = []
    values: list[pl.Expr] = []
    for line in lines_of(template):
        names = [name for _, name in line if name is not None]
        parts = []
        for literal, name in line:
            if literal:
                parts.append(pl.lit(literal))
            if name is not None:
                parts.append(text_of(name, frame).fill_null(""))
        said = pl.concat_str(parts) if parts else pl.lit("")
        if names:
            values.extend(text_of(name, frame) for name in names)
            said = pl.when(pl.any_horizontal(*(pl.col(name).is_not_null() for name in names))).then(said)
        lines.append(said)
    whole = pl.concat_str(lines, separator="\n", ignore_nulls=True)
    if not values:
        return whole
    full = pl.any_horizontal(*(value.str.strip_chars().str.len_bytes().fill_null(0) > 0 for value in values))
    return pl.when(full).then(whole)


def text_of(name: str, frame: pl.DataFrame) -> pl.Expr:
    """A column as text: numbers plainly, times in ISO 8601, lists joined by commas, objects as JSON."""
    kind = frame.schema[name]
    column = pl.col(name)
    if kind == pl.String:
        return column
    if isinstance(kind, pl.Datetime):
        return column.dt.to_string("iso:strict")
    if isinstance(kind, pl.List) and isinstance(kind.inner, pl.String):
        return column.list.join(", ", ignore_nulls=True)
    if isinstance(kind, pl.Struct):
        return column.struct.json_encode()
    if isinstance(kind, pl.List):
        return pl.when(column.is_not_null()).then(pl.struct(column).struct.json_encode())
    return column.cast(pl.String)


def blank(value: pl.Expr) -> pl.Expr:
    """Whether a text is null, empty or white space."""
    return value.is_null() | (value.str.strip_chars().str.len_bytes() == 0)


def wording(wordings: Mapping[str, Sequence[str]], frame: pl.DataFrame, language: pl.Expr) -> pl.Expr:
    """The text in the row's language, else in `ANY_LANGUAGE`, else null.

    Of several templates a row takes the one that the last 32 bits of its ``_id`` point at: the same for ever.
    """
    found = _one_of(wordings[ANY_LANGUAGE], frame) if ANY_LANGUAGE in wordings else pl.lit(None, pl.String)
    # The longer tag is the closer one, so it is asked first.
    for tag in sorted((tag for tag in wordings if tag != ANY_LANGUAGE), key=lambda tag: (len(tag), tag)):
        fits = matches(language, (tag,)).fill_null(value=False)
        found = pl.when(fits).then(_one_of(wordings[tag], frame)).otherwise(found)
    return found


def _one_of(templates: Sequence[str], frame: pl.DataFrame) -> pl.Expr:
    if len(templates) == 1:
        return text(templates[0], frame)
    place = pl.col("_id").str.slice(24).str.to_integer(base=16, dtype=pl.Int64) % len(templates)
    found = text(templates[-1], frame)
    for number, template in enumerate(templates[:-1]):
        found = pl.when(place == number).then(text(template, frame)).otherwise(found)
    return found


def json_object(pairs: Sequence[tuple[str, str]], frame: pl.DataFrame) -> pl.Expr:
    """A JSON object of names and templates, in their order; nulls and blanks are left out, null where all are.

    A template of one field alone keeps the field's type: a number stays a number. Everything else is text.
    """
    values = [_json_value(template, frame) for _, template in pairs]
    entries = [
        pl.concat_str(pl.lit(json.dumps(name, ensure_ascii=False) + ": "), value)
        for (name, _), value in zip(pairs, values, strict=True)
    ]
    whole = pl.concat_str(pl.lit("{"), pl.concat_str(entries, separator=", ", ignore_nulls=True), pl.lit("}"))
    return pl.when(pl.any_horizontal(*(value.is_not_null() for value in values))).then(whole)


def _json_value(template: str, frame: pl.DataFrame) -> pl.Expr:
    alone = lines_of(template)
    if len(alone) == 1 and len(alone[0]) == 1 and not alone[0][0][0] and alone[0][0][1] is not None:
        name = alone[0][0][1]
        kind = frame.schema[name]
        if kind == pl.Boolean or kind.is_integer() or isinstance(kind, pl.Decimal):
            return pl.col(name).cast(pl.String)
        if kind.is_float():
            return pl.when(pl.col(name).is_finite()).then(_encoded(pl.col(name)))
        return _quoted(text_of(name, frame))
    return _quoted(text(template, frame))


def _quoted(value: pl.Expr) -> pl.Expr:
    return pl.when(~blank(value)).then(_encoded(value))


def _encoded(value: pl.Expr) -> pl.Expr:
    whole = pl.struct(value.alias("v")).struct.json_encode()
    return whole.str.head(-1).str.slice(len('{"v":'))


def met(requirements: Sequence[Requirement], frame: pl.DataFrame) -> pl.Expr:
    """Whether a row meets every requirement; never null."""
    found = pl.lit(value=True)
    for one in requirements:
        column = pl.col(one.field)
        if one.values:
            found = found & text_of(one.field, frame).str.strip_chars().is_in(list(one.values)).fill_null(value=False)
        if one.at_least is not None:
            found = found & (column.cast(pl.Float64) >= float(one.at_least)).fill_null(value=False)
        if one.at_most is not None:
            found = found & (column.cast(pl.Float64) <= float(one.at_most)).fill_null(value=False)
        if one.present is not None:
            there = ~blank(column) if frame.schema[one.field] == pl.String else column.is_not_null()
            found = found & (there == pl.lit(one.present))
    return found


__all__ = ["TemplateError", "blank", "json_object", "lines_of", "met", "text", "text_of", "wording"]
