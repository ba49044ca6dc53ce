"""The other tools' side of the dedup benchmark; run by the interpreter of their own environments.

``peer_dedup.py TOOL INPUT FOLDER en|zh`` leaves the ids that it kept in ``FOLDER/kept.txt``. ``INPUT`` is a folder of
`benchmarks.corpus`. Each is used as its documentation shows, with its own defaults, one process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path


def rensa(source: Path, language: str, how: str) -> Iterable[str]:
    """``readme``: `RMinHashDeduplicator` over words (characters where there are no spaces); ``rho``: its benchmark's
    pipeline, sampled positions of lower-case runs of three; ``shingles``: the class of ``readme`` over our shingles."""
    import rensa as tool

    ids, texts = [], []
    with (source / "docs.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            ids.append(row["id"])
            texts.append(row["text"])
    if how == "readme":
        tokens = (text.split() if language == "en" else list(text) for text in texts)
    else:
        tokens = (shingles(text.lower(), language) for text in texts)
    if how == "rho":
        matrix = tool.RMinHash.digest_matrix_from_token_sets_rho(list(tokens), num_perm=128, seed=42)
        index = tool.RMinHashLSH(threshold=0.8, num_perm=128, num_bands=8)
        flags = index.query_duplicate_flags_matrix_one_shot(matrix)
        # It says which documents have another like them, not which to keep.
        return [name for name, flag in zip(ids, flags, strict=True) if not flag]
    index = tool.RMinHashDeduplicator(threshold=0.8, num_perm=128, use_lsh=True)
    keep = index.add_pairs((str(place), one) for place, one in enumerate(tokens))
    return [name for name, flag in zip(ids, keep, strict=True) if flag]


def shingles(text: str, language: str) -> list[str]:
    if language == "zh":
        return [text[at : at + 5] for at in range(len(text) - 4)]
    words = text.split()
    return [" ".join(words[at : at + 3]) for at in range(len(words) - 2)]


def datatrove(source: Path, folder: Path, language: str) -> Iterable[str]:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from datatrove.utils.typeshelper import Languages

    code = Languages.english if language == "en" else Languages.mandarin_chinese
    config = MinhashConfig()
    reader = JsonlReader(str(source), glob_pattern="docs.jsonl")
    names = {name: str(folder / name) for name in ("signatures", "buckets", "remove", "out")}
    stages = [
        ([reader, MinhashDedupSignature(names["signatures"], config=config, language=code)], 1),
        ([MinhashDedupBuckets(names["signatures"], names["buckets"], config=config)], config.num_buckets),
        ([MinhashDedupCluster(names["buckets"], names["remove"], config=config)], 1),
        ([reader, MinhashDedupFilter(names["remove"]), JsonlWriter(names["out"], compression=None)], 1),
    ]
    for number, (steps, tasks) in enumerate(stages):
        LocalPipelineExecutor(steps, tasks=tasks, workers=1, logging_dir=str(folder / f"logs{number}")).run()
    for file in sorted((folder / "out").iterdir()):
        with file.open(encoding="utf-8") as lines:
            yield from (json.loads(line)["id"] for line in lines)


def datajuicer(source: Path, folder: Path, language: str) -> Iterable[str]:
    tokenization = "space" if language == "en" else "character"
    config = {
        "project_name": "dedup",
        "dataset_path": str(source / "docs.jsonl"),
        "export_path": str(folder / "out.jsonl"),
        "np": 1,
        "text_keys": "text",
        "open_tracer": False,
        "use_cache": False,
        "work_dir": str(folder / "work"),
        "process": [{"document_minhash_deduplicator": {"tokenization": tokenization}}],
    }
    # JSON is YAML.
    (folder / "config.yaml").write_text(json.dumps(config))
    from data_juicer.config import init_configs
    from data_juicer.core import DefaultExecutor
    from data_juicer.ops import base_op

    # It frees models after each operator, and would install torch for that. There is none to free.
    base_op.free_models = lambda *_, **__: None
    DefaultExecutor(init_configs(["--config", str(folder / "config.yaml")])).run()
    with (folder / "out.jsonl").open(encoding="utf-8") as lines:
        yield from (json.loads(line)["id"] for line in lines)


def textdedup(source: Path, folder: Path) -> Iterable[str]:
    from datasets import load_from_disk
    from text_dedup.minhash import main as minhash

    options = {
        "path": "json", "data_files": source / "docs.jsonl", "split": "train", "cache_dir": folder / "cache",
        "output": folder / "out", "column": "text", "batch_size": 10000, "num_proc": 1,
    }  # fmt: skip
    minhash([str(part) for name, value in options.items() for part in (f"--{name}", value)], standalone_mode=False)
    return load_from_disk(str(folder / "out"))["id"]


def main(tool: str, source: str, target: str, language: str) -> None:
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    name, _, how = tool.partition("-")
    if name == "rensa":
        kept = rensa(Path(source), language, how)
    elif name == "textdedup":
        kept = textdedup(Path(source), folder)
    else:
        kept = {"datatrove": datatrove, "datajuicer": datajuicer}[name](Path(source), folder, language)
    (folder / "kept.txt").write_text("\n".join(kept))


if __name__ == "__main__":
    main(*sys.argv[1:5])
