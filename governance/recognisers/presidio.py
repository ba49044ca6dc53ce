"""The pattern lane as Presidio recognisers, so that its engines, operators and third-party recognisers work on it.

`analyzer` gives an `AnalyzerEngine` that answers from `PatternEngine`; `plain_recognizers` gives the same patterns one
by one as `PatternRecognizer`, run by Presidio's own loop over every text. The two agree (tested); the second is there
to prove it, and for those who want to mix single patterns into a registry of their own.

No language model is loaded and nothing is fetched: the NLP engine is Presidio's no-op, and context is ours.
"""

# ruff: noqa: ARG002 - the signatures are Presidio's
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from presidio_analyzer import (
    AnalysisExplanation,
    AnalyzerEngine,
    EntityRecognizer,
    LocalRecognizer,
    PatternRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer import Pattern as PresidioPattern
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from governance.recognisers.engine import PatternEngine, Span
from governance.recognisers.normalise import Folded, fold
from governance.recognisers.overlaps import resolve, whole_characters
from governance.recognisers.pattern import Hit, Pattern

if TYPE_CHECKING:
    from presidio_analyzer.nlp_engine import NlpArtifacts

NAME = "ClearinghouseRecognizer"
LANGUAGES = ("zh", "en", "es", "pt", "ko", "ja", "vi", "th", "id", "ms", "ru")


class ClearinghouseRecognizer(LocalRecognizer):
    """All entities of a `PatternEngine` as one recogniser.

    `prepare` scans many texts in one go; `analyze` then answers for those texts from the table and scans any other
    text by itself. What the engine marks as public is not reported.
    """

    def __init__(self, engine: PatternEngine | None = None, supported_language: str = "zh") -> None:
        self.engine = engine or PatternEngine()
        self._table: dict[str, list[Span]] = {}
        super().__init__(
            supported_entities=list(self.engine.supported_entities()),
            name=NAME,
            supported_language=supported_language,
        )

    def load(self) -> None:
        """Nothing to load: the automaton is compiled at the first scan."""

    def prepare(self, texts: Iterable[str]) -> None:
        """Scan `texts` at once and remember the answers until the next call."""
        distinct = list(dict.fromkeys(texts))
        self._table = {text: [] for text in distinct}
        for span in self.engine.scan(distinct):
            self._table[distinct[span.row]].append(span)

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Spans of the wanted entities in `text`; offsets are code points, as everywhere in Presidio."""
        found = self._table.get(text)
        if found is None:
            found = list(self.engine.scan([text]))
        return [self._result(span) for span in found if not span.keep and span.entity in entities]

    def _result(self, span: Span) -> RecognizerResult:
        explanation = AnalysisExplanation(
            recognizer=NAME,
            original_score=span.score,
            pattern_name=span.recogniser,
            textual_explanation=f"{span.recogniser}, decided by {span.reason}",
        )
        return RecognizerResult(
            span.entity,
            span.start,
            span.end,
            span.score,
            explanation,
            {RecognizerResult.RECOGNIZER_NAME_KEY: NAME, RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id},
        )


class _Match:
    """As much of a match object as Presidio asks for."""

    def __init__(self, start: int, end: int) -> None:
        self._span = start, end

    def span(self) -> tuple[int, int]:
        return self._span


@lru_cache(maxsize=1)
def _folded(text: str) -> Folded:
    """Presidio shows each text to one recogniser after the other: it is folded once."""
    return fold(text)


class _Finder:
    """Stands where Presidio keeps a pattern's compiled expression: folds, searches, checks, maps back.

    The expression is searched as Presidio would search it, over all of the text; that a match can begin in few places
    only is the pattern lane's knowledge.
    """

    def __init__(self, pattern: Pattern, threshold: float) -> None:
        self._pattern, self._threshold = pattern, threshold
        self.folded = Folded("", None)
        self.hits: dict[tuple[int, int], Hit] = {}

    def finditer(self, text: str, **_: Any) -> Iterator[_Match]:
        self.folded = _folded(text)
        sure, weak = self._pattern.look(self.folded.text, threshold=self._threshold, plain=True)
        self.hits = {self.folded.original(hit.start, hit.end): hit for hit in [*weak, *sure]}
        return (_Match(*span) for span in self.hits)


class PlainRecognizer(PatternRecognizer):
    """One of our patterns, run by Presidio's loop. Its context words are asked in Presidio's own hook for them."""

    def __init__(self, pattern: Pattern, supported_language: str = "zh", threshold: float = 0.5) -> None:
        self.pattern, self.threshold = pattern, threshold
        self._finder = _Finder(pattern, threshold)
        theirs: Any = PresidioPattern(pattern.name, pattern.verifier.pattern, 1.0)
        super().__init__(
            supported_entity=pattern.entity,
            name=pattern.name,
            supported_language=supported_language,
            patterns=[theirs],
            global_regex_flags=0,
        )
        theirs.compiled_regex = self._finder
        theirs.compiled_with_flags = 0

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Matches with the scores that their checks give them; the weak ones wait for `enhance_using_context`."""
        results = super().analyze(text, entities, nlp_artifacts, regex_flags)
        for result in results:
            result.score = self._finder.hits[result.start, result.end].score
        return results

    def enhance_using_context(
        self,
        text: str,
        raw_recognizer_results: list[RecognizerResult],
        other_raw_recognizer_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Lifts a weak match that a word beside it speaks for, unless it lies inside somebody's sure one."""
        sure = [r for r in other_raw_recognizer_results + raw_recognizer_results if r.score >= self.threshold]
        for result in raw_recognizer_results:
            inside = any(r.start <= result.start and result.end <= r.end for r in sure)
            if result.score >= self.threshold or inside:
                continue
            hit = self._finder.hits[result.start, result.end]
            backed = self.pattern.supported(self._finder.folded.text, hit)
            if backed is not None:
                result.score = backed.score
                result.recognition_metadata[RecognizerResult.IS_SCORE_ENHANCED_BY_CONTEXT_KEY] = True
        return raw_recognizer_results


def resolved(engine: PatternEngine, text: str, results: Iterable[RecognizerResult]) -> list[tuple[str, int, int]]:
    """Presidio's answers of `plain_recognizers` on `text` with our rule for overlaps: entity, start and end of what
    `PatternEngine.scan` finds without settling. What is public or a shield is left out."""
    names = {pattern.name: p for p, pattern in enumerate(engine.patterns)}
    folded = _folded(text)
    place = range(len(text)) if folded.starts is None else folded.starts
    back = {original: at for at, original in enumerate(place)}
    hits = [
        (names[r.recognition_metadata["recognizer_name"]], Hit(back[r.start], back[r.end - 1] + 1, r.score, ""))
        for r in results
    ]
    return sorted(
        (engine.patterns[p].entity, *whole_characters(text, *folded.original(hit.start, hit.end)))
        for p, hit in resolve(folded.text, hits, engine.patterns)
        if engine.patterns[p].kind == "pii"
    )


class _NoEnhancer(ContextAwareEnhancer):
    """Our recognisers look at the words beside a match themselves."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        return raw_results


def plain_recognizers(engine: PatternEngine, language: str = "zh") -> list[PlainRecognizer]:
    """The patterns of `engine`, shields and public numbers too, one recogniser each."""
    return [PlainRecognizer(pattern, language, engine.threshold) for pattern in engine.patterns]


def analyzer(
    engine: PatternEngine | None = None,
    languages: Sequence[str] = LANGUAGES,
    *,
    plain: bool = False,
    extra: Iterable[EntityRecognizer] = (),
) -> AnalyzerEngine:
    """An `AnalyzerEngine` over our patterns for each of `languages`; with `plain`, over Presidio's own loop.

    `extra` recognisers stand beside ours. `BatchAnalyzerEngine(analyzer())` works too. A result needs the engine's
    threshold.
    """
    engine = engine or PatternEngine()
    recognizers: list[EntityRecognizer] = list(extra)
    for language in languages:
        recognizers += plain_recognizers(engine, language) if plain else [ClearinghouseRecognizer(engine, language)]
    return AnalyzerEngine(
        registry=RecognizerRegistry(recognizers, supported_languages=list(languages)),
        nlp_engine=NoOpNlpEngine([{"lang_code": language, "model_name": ""} for language in languages]),
        supported_languages=list(languages),
        context_aware_enhancer=_NoEnhancer(),
        default_score_threshold=engine.threshold,
    )
