"""datatrove's side of the quality and pipeline benchmarks; run by the interpreter of its own environment.

``peer_datatrove.py quality|pipeline INPUT.jsonl FOLDER en|zh``: Gopher's two filters, C4's and FineWeb's; the pipeline
removes personal data first, and joins near duplicates afterwards, as the project's FineWeb example does.
"""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from types import ModuleType

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
)
from datatrove.pipeline.formatters import PIIFormatter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter, ParquetWriter
from datatrove.utils.typeshelper import Languages

# Its executor copies steps that hold a splitter of Chinese words, a module, once an earlier step has loaded it.
copy._deepcopy_dispatch[ModuleType] = lambda module, _: module  # type: ignore[attr-defined]

STOP_WORDS = {"en": None, "zh": list("的了是在不我有他这就也和你说很都着一")}


def main(what: str, source: str, folder: str, language: str) -> None:
    root, code = Path(folder), Languages.english if language == "en" else Languages.mandarin_chinese
    words = {"stop_words": STOP_WORDS[language]} if language != "en" else {}
    filters = [
        GopherRepetitionFilter(language=code),
        GopherQualityFilter(language=code, **words, **({} if language == "en" else {"min_avg_word_length": 1})),
        C4QualityFilter(filter_no_terminal_punct=False, min_words_per_line=-1, language=code),
        FineWebQualityFilter(language=code, char_duplicates_ratio=0.2),
    ]
    reader = JsonlReader(str(Path(source).parent), glob_pattern=Path(source).name)
    personal = [PIIFormatter(only_remove_public_ips=False)] if what == "pipeline" else []
    middle = root / ("out" if what == "quality" else "middle")
    stage(root, [reader, *personal, *filters, JsonlWriter(str(middle))])
    if what == "quality":
        return
    config = MinhashConfig()
    again = JsonlReader(str(middle))
    stage(root / "1", [again, MinhashDedupSignature(str(root / "sig"), config=config, language=code)])
    buckets = MinhashDedupBuckets(str(root / "sig"), str(root / "buckets"), config=config)
    stage(root / "2", [buckets], tasks=config.num_buckets)
    stage(root / "3", [MinhashDedupCluster(str(root / "buckets"), str(root / "remove"), config=config)])
    stage(root / "4", [again, MinhashDedupFilter(str(root / "remove")), ParquetWriter(str(root / "out"))])


def stage(folder: Path, steps: list[object], tasks: int = 1) -> None:
    LocalPipelineExecutor(steps, tasks=tasks, workers=1, logging_dir=str(folder / "logs")).run()


if __name__ == "__main__":
    main(*sys.argv[1:5])
