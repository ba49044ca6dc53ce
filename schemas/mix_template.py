"""Chat templates that a mix names: bundled, a ``.jinja`` file, or the ``tokenizer_config.json`` of a model."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from schemas.canonical import digest
from schemas.names import did_you_mean
from schemas.yaml_lines import Place, YamlFile

_BUNDLED = Path(str(resources.files("schemas"))) / "templates"
_ENDING = ".jinja"
_BUNDLED_NAME = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True)
class ChatTemplate:
    """A chat template's Jinja ``source`` and the special tokens that it may name. Picklable.

    ``tools`` is the source for conversations with tools where the model has one of its own, else empty.
    """

    source: str
    tools: str = ""
    bos_token: str = ""
    eos_token: str = ""

    @property
    def digest(self) -> str:
        return digest([self.source, self.tools, self.bos_token, self.eos_token])


def bundled_templates() -> tuple[str, ...]:
    """The names of the templates that come with the package (``schemas/templates/<name>.jinja``)."""
    return tuple(sorted(path.name.removesuffix(_ENDING) for path in _BUNDLED.glob(f"*{_ENDING}")))


def load_template(name: str, folder: Path) -> ChatTemplate:
    """A template by its bundled name or its path, relative to ``folder``.

    A ``.json`` file is a ``tokenizer_config.json`` in the form of Hugging Face: ``chat_template`` is the source, or a
    list of named ones of which ``default`` and ``tool_use`` are used; ``bos_token`` and ``eos_token`` are text, or
    objects with ``content``. Any other file is the source itself.

    Raises:
        FileNotFoundError: there is none.
        ValueError: it is no template.
    """
    path = folder / name
    if _BUNDLED_NAME.fullmatch(name) and name in bundled_templates():
        path = _BUNDLED / f"{name}{_ENDING}"
    if not path.is_file():
        raise FileNotFoundError(name)
    text = path.read_text("utf-8")
    made = _from_config(json.loads(text)) if path.suffix == ".json" else ChatTemplate(text)
    if not made.source.strip():
        raise ValueError("it is empty")
    return made


def _from_config(body: Any) -> ChatTemplate:
    found = body.get("chat_template") if isinstance(body, dict) else None
    if isinstance(found, list):
        named = {one.get("name"): one.get("template") for one in found if isinstance(one, dict)}
        source, tools = named.get("default"), named.get("tool_use") or ""
    else:
        source, tools = found, ""
    if not isinstance(source, str) or not isinstance(tools, str):
        raise ValueError("it has no `chat_template`")
    return ChatTemplate(source, tools, _token(body.get("bos_token")), _token(body.get("eos_token")))


def _token(value: Any) -> str:
    found = value.get("content") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def read_form(found: YamlFile, data: Mapping[str, Any], folder: Path) -> dict[str, str]:
    """Check a mix's ``template`` and ``tokenise`` against its format; what the mix keeps of them (``template_sha256``).

    What is wrong is reported.
    """
    name, mix_format, place = data.get("template"), data.get("format"), ("template",)
    if data.get("tokenise") in (True, "bytes"):
        if mix_format in ("preference", "image-text"):
            found.report(("tokenise",), f"format {mix_format!r} has no tokens of one text", "leave `tokenise` out")
        elif mix_format == "messages" and not name:
            found.report(("tokenise",), "messages have no text to tokenise without a chat template", "template: chatml")
    if not isinstance(name, str) or not name:
        return {}
    if mix_format != "messages":
        found.report(place, f"a chat template renders messages, and the format is {mix_format!r}", "remove it")
    return _read(found, name, place, folder)


def _read(found: YamlFile, name: str, place: Place, folder: Path) -> dict[str, str]:
    try:
        return {"template_sha256": load_template(name, folder).digest}
    except FileNotFoundError:
        hint = did_you_mean(name, bundled_templates(), what="bundled")
        found.report(place, f"there is no template {name!r}", hint or "a path is relative to this file's folder")
    except (OSError, ValueError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        found.report(place, f"{name!r} is not a chat template: {reason}", "a .jinja file or a tokenizer_config.json")
    return {}


__all__ = ["ChatTemplate", "bundled_templates", "load_template", "read_form"]
