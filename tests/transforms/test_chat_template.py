"""Chat templates: what they render, what of it is learnt, and what they cannot do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.mix_template import ChatTemplate, load_template
from tests.release_builders import PATIENT
from transforms.chat_template import ChatTemplateError, Refused, check, learnt, render

CHATML = load_template("chatml", Path())
#: As models without marks have it; the second sort of loss mask comes of rendering turn by turn.
PLAIN = ChatTemplate(
    "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{{ eos_token }}{% endfor %}"
    "{% if add_generation_prompt %}[assistant]{% endif %}",
    bos_token="<s>",
    eos_token="</s>",
)
TOOLS = json.dumps([{"type": "function", "function": {"name": "look", "description": "Look.", "parameters": {}}}])


def turn(role: str, content: str, *, train: bool | None = None, calls: Any = ()) -> dict[str, Any]:
    return {
        "role": role,
        "content": content,
        "train": role == "assistant" if train is None else train,
        "name": "look" if role == "tool" else None,
        "tool_call_id": "call_1" if role == "tool" else None,
        "tool_calls": list(calls),
    }


TALK = [
    turn("system", "Be brief."),
    turn("user", "Who?"),
    turn("assistant", "", calls=[{"id": "call_1", "name": "look", "arguments": '{"at": "门"}'}]),
    turn("tool", "a cat"),
    turn("assistant", "A cat."),
]


def test_chatml_with_tools() -> None:
    found = learnt(CHATML, TALK, TOOLS)
    assert found.text == (
        '<|im_start|>tools\n{"name": "look", "description": "Look.", "parameters": {}}\n<|im_end|>\n'
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWho?<|im_end|>\n"
        '<|im_start|>assistant\n<tool_call>{"name": "look", "arguments": {"at": "门"}}</tool_call><|im_end|>\n'
        "<|im_start|>tool\na cat<|im_end|>\n<|im_start|>assistant\nA cat.<|im_end|>\n"
    )
    assert [found.text[start:end] for start, end in found.learnt] == [
        '<tool_call>{"name": "look", "arguments": {"at": "门"}}</tool_call><|im_end|>',
        "A cat.<|im_end|>",
    ]
    assert render(CHATML, TALK, TOOLS) == found.text


def test_a_turn_that_is_not_learnt_is_not() -> None:
    talk = [turn("user", "a"), turn("assistant", "b", train=False), turn("user", "c"), turn("assistant", "d")]
    for template, said in ((CHATML, "d<|im_end|>"), (PLAIN, "d</s>")):
        found = learnt(template, talk)
        assert [found.text[start:end] for start, end in found.learnt] == [said]


def test_without_marks_turns_tell() -> None:
    found = learnt(PLAIN, [turn("user", "x"), turn("assistant", "yz"), turn("user", "w"), turn("assistant", "v")])
    assert found.text == "<s>[user]x</s>[assistant]yz</s>[user]w</s>[assistant]v</s>"
    assert [found.text[start:end] for start, end in found.learnt] == ["yz</s>", "v</s>"]


def test_a_template_that_forgets_what_was_said_tells_nothing() -> None:
    forgets = ChatTemplate("{% for m in messages[-2:] %}[{{ m.role }}]{{ m.content }}{% endfor %}")
    talk = [turn("user", "a"), turn("assistant", "b"), turn("user", "c"), turn("assistant", "d")]
    with pytest.raises(ChatTemplateError, match="does not tell what the assistant says"):
        learnt(forgets, talk)
    assert render(forgets, talk) == "[user]c[assistant]d"


def test_marks_that_do_not_fit_the_turns_are_refused_where_it_matters() -> None:
    one = ChatTemplate("{% generation %}{% for m in messages %}{{ m.content }}{% endfor %}{% endgeneration %}")
    talk = [turn("user", "a"), turn("assistant", "b"), turn("user", "c"), turn("assistant", "d")]
    assert learnt(one, talk).learnt == ((0, 4),)
    with pytest.raises(ChatTemplateError, match="marks 1 parts"):
        learnt(one, [*talk[:3], turn("assistant", "d", train=False)])


@pytest.mark.parametrize(
    "source",
    [
        "{{ raise_exception('roles must alternate') }}",
        "{{ messages[9].content }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ messages.append(1) }}",
        "{% for i in range(10000000) %}x{% endfor %}",
        "{{ 1 / 0 }}",
        "{{ strftime_now('%Y') }}",
        "{% include '/etc/passwd' %}",
    ],
)
def test_what_a_template_may_not_do_refuses_the_conversation(source: str) -> None:
    with pytest.raises(Refused) as refused:
        render(ChatTemplate(source), TALK)
    assert "cat" not in str(refused.value)


def test_a_template_that_does_not_parse_says_where() -> None:
    with pytest.raises(ChatTemplateError, match="line 2"):
        check(ChatTemplate("a\n{% for %}"))


def test_content_is_no_template() -> None:
    assert "{{ 7 * 7 }}" in render(CHATML, [turn("user", "{{ 7 * 7 }}"), turn("assistant", "x")])


@PATIENT
@given(st.lists(st.text(alphabet="\x02\x03ab中<|\\u{}%", max_size=12), min_size=1, max_size=4))
def test_what_is_learnt_is_what_was_said_whatever_was_said(said: list[str]) -> None:
    talk = [one for text in said for one in (turn("user", text), turn("assistant", text))]
    for template, end in ((CHATML, "<|im_end|>"), (PLAIN, "</s>")):
        found = learnt(template, talk)
        assert [found.text[start:stop] for start, stop in found.learnt] == [f"{text}{end}" for text in said]
        assert found.text == render(template, talk)


def test_a_model_s_own_configuration(tmp_path: Path) -> None:
    body = {
        "chat_template": [
            {"name": "default", "template": "plain {{ bos_token }}"},
            {"name": "tool_use", "template": "tools {{ eos_token }}"},
        ],
        "bos_token": "<s>",
        "eos_token": {"content": "</s>", "special": True},
    }
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(body))
    found = load_template("tokenizer_config.json", tmp_path)
    assert render(found, TALK) == "plain <s>"
    assert render(found, TALK, TOOLS) == "tools </s>"
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(ValueError, match="chat_template"):
        load_template("bad.json", tmp_path)
    with pytest.raises(FileNotFoundError):
        load_template("none.jinja", tmp_path)
