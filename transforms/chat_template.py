"""Chat templates: conversations as the text that a model reads, and which of it the model is to learn.

Templates are Jinja in a sandbox, by the conventions of Hugging Face's `apply_chat_template`: they are given ``messages``,
``tools``, ``add_generation_prompt``, ``bos_token`` and ``eos_token``, may call ``raise_exception``, and mark what the
assistant says by ``{% generation %}`` … ``{% endgeneration %}``. There is no clock (``strftime_now`` is not defined: the
same conversation is the same text tomorrow) and nothing is loaded from disk.

Which characters are learnt is told by those marks; without them, by rendering the conversation up to each turn of the
assistant's and up to behind it: what the second has more than the first, the prompt for an answer included, is what was
said. A template whose text changes as the conversation grows tells it in neither way and is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from schemas.errors import ClearinghouseError
from schemas.mix_template import ChatTemplate

Span = tuple[int, int]
Message = Mapping[str, Any]

_OPEN, _CLOSE = "\x02", "\x03"


class ChatTemplateError(ClearinghouseError):
    """A chat template that cannot be used at all."""

    exit_code = 2


class Refused(Exception):
    """A conversation that its template does not take. The text says nothing of the conversation."""


@dataclass(frozen=True)
class Rendered:
    """A conversation as text, and the spans of characters in it that are learnt, ascending."""

    text: str
    learnt: tuple[Span, ...]


def render(template: ChatTemplate, messages: Sequence[Message], tools: str | None = None) -> str:
    """The text of a conversation (`transforms.documents.MESSAGE` as plain values); ``tools`` is JSON or null.

    Raises `Refused` and `ChatTemplateError`.
    """
    return _Conversation(template, messages, tools).whole()[0]


def learnt(template: ChatTemplate, messages: Sequence[Message], tools: str | None = None) -> Rendered:
    """The text of a conversation and what of it is learnt. Raises `Refused` and `ChatTemplateError`."""
    conversation = _Conversation(template, messages, tools)
    text, marked = conversation.whole()
    said = [message for message in messages if message["role"] == "assistant"]
    if marked is None:
        spans = conversation.by_turns(text)
    elif len(marked) == len(said):
        spans = [span for span, message in zip(marked, said, strict=True) if message["train"]]
    elif all(message["train"] for message in said):
        spans = marked
    else:
        raise ChatTemplateError(
            f"the chat template marks {len(marked)} parts as generated where the assistant speaks {len(said)} times, "
            "and not all of these are learnt",
            fix="put one {% generation %} around each turn of the assistant's",
        )
    return Rendered(text, tuple(span for span in spans if span[0] < span[1]))


class _Conversation:
    """One conversation with its template; marks are characters that it does not hold itself."""

    def __init__(self, template: ChatTemplate, messages: Sequence[Message], tools: str | None) -> None:
        self.template = _compiled(template.tools if tools and template.tools else template.source)
        self.values = {"bos_token": template.bos_token, "eos_token": template.eos_token}
        self.messages = [_plain(message) for message in messages]
        self.learnt = [bool(message["train"]) for message in messages]
        self.tools = json.loads(tools) if tools else None
        held = json.dumps([self.messages, self.tools], ensure_ascii=False)
        # A pair of control characters as long as no run of them in the conversation is.
        length = 1
        while "\\u0002" * length in held or "\\u0003" * length in held:
            length += 1
        self.open, self.close = _OPEN * length, _CLOSE * length

    def whole(self) -> tuple[str, list[Span] | None]:
        """The text, and the marked parts of it; ``None`` where the template marks nothing."""
        return self._unmarked(self._render(self.messages, asked=False))

    def by_turns(self, text: str) -> list[Span]:
        """What each learnt turn adds to the text."""
        spans = []
        for place, message in enumerate(self.messages):
            if message["role"] != "assistant" or not self.learnt[place]:
                continue
            before = self._unmarked(self._render(self.messages[:place], asked=True))[0]
            behind = self._unmarked(self._render(self.messages[: place + 1], asked=False))[0]
            if not text.startswith(behind) or not behind.startswith(before):
                raise ChatTemplateError(
                    "the chat template does not tell what the assistant says: its text of the first turns changes "
                    "with those that follow",
                    fix="mark it by {% generation %} … {% endgeneration %} in the template, or leave `tokenise` out",
                )
            spans.append((len(before), len(behind)))
        return spans

    def _render(self, messages: list[dict[str, Any]], *, asked: bool) -> str:
        marks = {"_open": self.open, "_close": self.close}
        try:
            return self.template.render(
                messages=messages, tools=self.tools, add_generation_prompt=asked, **self.values, **marks
            )
        except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
            raise Refused(type(error).__name__) from None

    def _unmarked(self, text: str) -> tuple[str, list[Span] | None]:
        if self.open not in text:
            return text, None
        out: list[str] = []
        spans: list[Span] = []
        size = 0
        for number, part in enumerate(text.split(self.open)):
            inside, mark, rest = part.partition(self.close)
            if number and mark:
                spans.append((size, size + len(inside)))
            out += [inside, rest]
            size += len(inside) + len(rest)
        return "".join(out), spans


def _plain(message: Message) -> dict[str, Any]:
    """A message as chat templates know it: no nulls, arguments as objects."""
    found: dict[str, Any] = {"role": message["role"], "content": message["content"] or ""}
    calls = message.get("tool_calls") or ()
    if calls:
        found["tool_calls"] = [
            {
                "id": call["id"],
                "type": "function",
                "function": {"name": call["name"], "arguments": json.loads(call["arguments"])},
            }
            for call in calls
        ]
    for name in ("name", "tool_call_id"):
        if message.get(name):
            found[name] = message[name]
    return found


class _Generation(Extension):
    """The tag pair that marks what a model generates."""

    tags = {"generation"}  # noqa: RUF012 - the library's own way

    def parse(self, parser: Parser) -> list[nodes.Node]:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        opened, closed = (nodes.Output([nodes.Name(name, "load")]).set_lineno(line) for name in ("_open", "_close"))
        return [opened, *body, closed]


@lru_cache(maxsize=8)
def _compiled(source: str) -> jinja2.Template:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )
    environment.filters["tojson"] = _json
    environment.globals["raise_exception"] = _refuse
    try:
        return environment.from_string(source)
    except jinja2.TemplateSyntaxError as error:
        raise ChatTemplateError(
            f"the chat template does not parse: line {error.lineno}: {error.message}", fix="mend the template"
        ) from None


def _json(value: Any, indent: int | None = None, ensure_ascii: bool = False, sort_keys: bool = False) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, sort_keys=sort_keys)


def _refuse(message: str) -> None:
    raise jinja2.TemplateError(message)


def check(template: ChatTemplate) -> None:
    """Whether the template parses. Raises `ChatTemplateError`."""
    for source in filter(None, (template.source, template.tools)):
        _compiled(source)


__all__ = ["ChatTemplateError", "Refused", "Rendered", "check", "learnt", "render"]
