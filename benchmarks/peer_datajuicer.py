"""data-juicer's side of the quality and pipeline benchmarks; run by the interpreter of its own environment.

``peer_datajuicer.py quality|pipeline INPUT.jsonl FOLDER en|zh``: its filters that measure what Gopher's do, one process.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(what: str, source: str, folder: str, language: str) -> None:
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    filters: list[object] = [
        {"alphanumeric_filter": {"tokenization": False, "min_ratio": 0.5}},
        {"average_line_length_filter": {"min_len": 5}},
        {"maximum_line_length_filter": {"min_len": 10}},
        {"character_repetition_filter": {"rep_len": 10, "max_ratio": 0.4}},
        {"special_characters_filter": {"max_ratio": 0.4}},
        {"text_length_filter": {"min_len": 80}},
    ]
    if language == "en":
        filters += [
            {"words_num_filter": {"lang": "en", "tokenization": False, "min_num": 50}},
            {"word_repetition_filter": {"lang": "en", "tokenization": False, "rep_len": 5, "max_ratio": 0.3}},
        ]
    process = filters
    if what == "pipeline":
        tokens = (
            {"tokenization": "space", "window_size": 5}
            if language == "en"
            else {"tokenization": "character", "window_size": 5}
        )
        process = [
            {"pii_redaction_mapper": {}},
            *filters,
            {"document_minhash_deduplicator": {**tokens, "jaccard_threshold": 0.7}},
        ]
    config = {
        "project_name": "bench",
        "dataset_path": source,
        "export_path": str(root / "out" / ("docs.parquet" if what == "pipeline" else "docs.jsonl")),
        "export_type": "parquet" if what == "pipeline" else "jsonl",
        "np": 1,
        "text_keys": "text",
        "open_tracer": False,
        "use_cache": False,
        "work_dir": str(root / "work"),
        "process": process,
    }
    # JSON is YAML.
    file = root / "config.yaml"
    file.write_text(json.dumps(config))
    from data_juicer.config import init_configs
    from data_juicer.core import DefaultExecutor
    from data_juicer.ops import base_op

    # Between steps it frees models of PyTorch, which it would install for that; no step here has one.
    base_op.free_models = lambda *_, **__: None
    DefaultExecutor(init_configs(["--config", str(file)])).run()


if __name__ == "__main__":
    main(*sys.argv[1:5])
