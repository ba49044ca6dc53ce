"""Other people's models beside our recognisers: spaCy, Stanza, transformers and GLiNER, run by Presidio's engines.

A policy names them under ``recognisers``; nothing is fetched, so weights have to lie where they run. Their finds are
mapped to our entities and merged with ours, ours first. The policy's digest holds what is configured; `identity` adds
what is installed: package version and a digest of the weights, so that equal results have equal names.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa

from governance.names.combined import CombinedEngine
from governance.recognisers.engine import Spans, as_large_string, whole_characters
from governance.recognisers.merge import merge_spans
from governance.recognisers.normalise import FILLER, fold
from schemas.contract import External
from schemas.errors import ClearinghouseError

MODEL = "model"
"""The reason of a find that a model made."""

#: What models call things, in OntoNotes, CoNLL and common PII sets, and as what they count here.
LABELS: Mapping[str, str] = {
    "PERSON": "PERSON",
    "PER": "PERSON",
    "NAME": "PERSON",
    "NR": "PERSON",
    "FAC": "ADDRESS",
    "ADDRESS": "ADDRESS",
    "STREET_ADDRESS": "ADDRESS",
    "PHONE": "PHONE_NUMBER",
    "PHONE_NUMBER": "PHONE_NUMBER",
    "EMAIL": "EMAIL_ADDRESS",
    "EMAIL_ADDRESS": "EMAIL_ADDRESS",
}

_PACKAGES = {"spacy": "spacy", "stanza": "stanza", "transformers": "transformers", "gliner": "gliner"}
_MEND = {
    "spacy": "pip install 'spacy>=3.8'; python -m spacy download {model}, or name a folder",
    "stanza": "pip install stanza spacy-stanza; python -c \"import stanza; stanza.download('{model}')\"",
    "transformers": "pip install transformers torch spacy-huggingface-pipelines; put the weights into a folder",
    "gliner": "pip install gliner; put the weights into a folder",
}
_CHUNK = 50_000
"""Code points of a text that a model is given at once; longer texts are cut at line ends, sentences or spaces."""


class EngineMissing(ClearinghouseError):
    """A model that the policy calls in cannot be loaded."""

    exit_code = 2


class ExternalEngine:
    """Our engine with models beside it; ``scan`` has the same shape. Picklable; models are loaded once a process.

    Raises `EngineMissing` where a package or its weights are not there.
    """

    def __init__(self, ours: CombinedEngine, engines: tuple[External, ...]) -> None:
        self.ours, self.engines = ours, engines
        for engine in engines:
            loaded(engine)

    def __reduce__(self) -> tuple[Any, ...]:
        return ExternalEngine, (self.ours, self.engines)

    def supported_entities(self) -> tuple[str, ...]:
        """Entities that a scan may report."""
        theirs = (entity for engine in self.engines for entity in _labels(engine).values())
        return tuple(dict.fromkeys((*self.ours.supported_entities(), *theirs)))

    def scan(
        self, texts: pa.Array | pa.ChunkedArray | Sequence[str | None], languages: Sequence[str] | None = None
    ) -> Spans:
        """Spans of all engines, disjoint, sorted by row and start."""
        array = as_large_string(texts)
        found = [self.ours.scan(array, languages)]
        wanted = None if languages is None else {tag.lower().split("-")[0] for tag in languages}
        for engine in self.engines:
            mine = [tag for tag in engine.languages if wanted is None or tag.lower().split("-")[0] in wanted]
            if mine:
                found.append(_scan(engine, mine[0], array))
        return merge_spans(found)


def _scan(engine: External, language: str, array: pa.LargeStringArray) -> Spans:
    model, labels = loaded(engine), _labels(engine)
    name = f"{engine.engine}.{Path(engine.model).name}"
    rows: list[tuple[Any, ...]] = []
    entities = tuple(dict.fromkeys(labels.values()))
    for row, text in enumerate(array.to_pylist()):
        if not text or text.isspace():
            continue
        folded = fold(text)
        taken: list[tuple[int, int]] = []
        for label, start, end, score in sorted(model.finds(folded.text, language), key=lambda f: (f[1], -f[2])):
            entity = labels.get(label.upper())
            piece = folded.text[start:end]
            if entity is None or score * 100 < engine.threshold or not piece.strip() or FILLER in piece:
                continue
            start += len(piece) - len(piece.lstrip())
            end -= len(piece) - len(piece.rstrip())
            first, last = whole_characters(text, *folded.original(start, end))
            if taken and first < taken[-1][1]:
                continue
            taken.append((first, last))
            rows.append((row, first, last, entities.index(entity), score, 0, 0, False))
    return Spans.of(rows, entities=entities, recognisers=(name,), reasons=(MODEL,))


def _labels(engine: External) -> dict[str, str]:
    return {label.upper(): entity for label, entity in (engine.labels or LABELS.items())}


class _Nlp:
    """A model behind one of Presidio's NLP engines."""

    def __init__(self, engine: External) -> None:
        from presidio_analyzer.nlp_engine import NlpEngineProvider

        labels = {label: label for label in _labels(engine)}
        model: Any = engine.model
        if engine.engine == "transformers":
            model = {"spacy": "xx_ent_wiki_sm", "transformers": engine.model}
        configuration = {
            "nlp_engine_name": engine.engine,
            "models": [{"lang_code": tag, "model_name": model} for tag in engine.languages],
            "ner_model_configuration": {
                "model_to_presidio_entity_mapping": labels,
                "labels_to_ignore": [],
                "low_score_entity_names": [],
                "default_score": 0.85,
            },
        }
        self._engine = NlpEngineProvider(nlp_configuration=configuration).create_engine()

    def finds(self, text: str, language: str) -> Iterable[tuple[str, int, int, float]]:
        for first, part in _parts(text):
            found = self._engine.process_text(part, language)
            for entity, score in zip(found.entities, found.scores or [1.0] * len(found.entities), strict=True):
                yield entity.label_, first + entity.start_char, first + entity.end_char, float(score)


class _Gliner:
    """GLiNER through Presidio's recogniser for it."""

    def __init__(self, engine: External) -> None:
        from presidio_analyzer.predefined_recognizers import GLiNERRecognizer

        labels = _labels(engine)
        self._labels = list(labels)
        self._model = GLiNERRecognizer(
            entity_mapping={label.lower(): label for label in labels},
            model_name=engine.model,
            threshold=engine.threshold / 100,
            flat_ner=True,
        )

    def finds(self, text: str, language: str) -> Iterable[tuple[str, int, int, float]]:  # noqa: ARG002
        for first, part in _parts(text):
            for found in self._model.analyze(part, self._labels):
                yield found.entity_type, first + found.start, first + found.end, found.score


def _parts(text: str) -> Iterable[tuple[int, str]]:
    """Parts of a long text with their places."""
    first = 0
    while len(text) - first > _CHUNK:
        window = text[first : first + _CHUNK]
        cut = max(window.rfind(mark) for mark in "\n。.!?！？") + 1 or window.rfind(" ") + 1 or _CHUNK
        yield first, window[:cut]
        first += cut
    yield first, text[first:]


@lru_cache(maxsize=8)
def loaded(engine: External) -> _Nlp | _Gliner:
    """The model, loaded. Raises `EngineMissing` with the model, the setting and the command that mends it."""
    mend = _MEND[engine.engine].format(model=engine.model)
    setting = f"policy setting recognisers: {{engine: {engine.engine}, model: {engine.model}}}"
    if importlib.util.find_spec(_PACKAGES[engine.engine]) is None:
        raise EngineMissing(f"the package {_PACKAGES[engine.engine]} is not installed ({setting})", fix=mend)
    if not _there(engine):
        raise EngineMissing(f"no weights of the model {engine.model!r} ({setting}); nothing is fetched", fix=mend)
    try:
        return _Gliner(engine) if engine.engine == "gliner" else _Nlp(engine)
    except (ImportError, OSError, ValueError, RuntimeError, SystemExit) as problem:
        said = str(problem).splitlines()[0][:200] if str(problem) else type(problem).__name__
        raise EngineMissing(f"the model {engine.model!r} does not load: {said} ({setting})", fix=mend) from None


def _there(engine: External) -> bool:
    """Whether the weights lie here; asked before an engine is, because engines fetch what is missing."""
    if Path(engine.model).is_dir():
        return True
    if engine.engine == "spacy":
        return importlib.util.find_spec(engine.model) is not None if engine.model.isidentifier() else False
    if engine.engine == "stanza":
        import stanza

        return (Path(stanza.resources.common.DEFAULT_MODEL_DIR) / engine.model).is_dir()
    try:
        from huggingface_hub import snapshot_download

        snapshot_download(engine.model, local_files_only=True)
    except (ImportError, OSError, ValueError):
        return False
    return True


@lru_cache(maxsize=8)
def identity(engine: External) -> str:
    """``spacy 3.8.18 <sha256 of the weights>``: what two machines must share to find the same."""
    package = _PACKAGES[engine.engine]
    try:
        version = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        version = "missing"
    return f"{engine.engine} {version} {_digest(engine)}"


def _digest(engine: External) -> str:
    folder = Path(engine.model)
    if not folder.is_dir():
        spec = importlib.util.find_spec(engine.model) if engine.model.isidentifier() else None
        if spec is None or spec.origin is None:
            return engine.model
        folder = Path(spec.origin).parent
    found = sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        found.update(file.relative_to(folder).as_posix().encode() + b"\0")
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                found.update(block)
    return found.hexdigest()[:16]
