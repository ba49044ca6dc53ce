"""Known values: what it costs to look for the values that each row declares of itself.

``python -m benchmarks.known_values [--rows N]``. Every row declares a name, a telephone and an address of its own, all
distinct. Figures: megabytes of text per CPU second where no text holds a value, where each holds one, and where the
values of a conversation are looked for in all its messages. Ratio: none held against one held.
"""

from __future__ import annotations

import argparse
import random
import time

import pyarrow as pa

from benchmarks.measure import report, say
from governance.known_values import KnownValues

BATCH = 8192
_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
_GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛超霞刚桂英华玉兰萍鹏辉莹雪琳晨宇轩浩博睿梓涵欣怡嘉俊豪志婷雅倩颖露佳琪慧敬岚"
_STREETS = ("科技路", "人民大道", "学府街", "长兴路", "滨河东路", "新华街", "望江路", "工业三路")
_SAID = (
    "包裹还没有到，麻烦帮忙查一下物流信息，谢谢",
    "收到的商品和描述不一样，想申请换货或者退款",
    "请问这款还有别的颜色吗？大概什么时候发货",
    "门口没有人，先放在驿站，晚上下班之后再去拿",
    "Where is my parcel? The page has not changed since Monday.",
    "快递柜满了，司机让我改约明天上午再送一次",
)
_HELD = ("收件人{name}，", "电话{phone}，", "送到{street}，", "{polite}您好，")


def feed(rows: int, *, held: bool, seed: int = 1) -> tuple[pa.RecordBatch, pa.Array]:
    """A batch in which every row declares three values that no other does, and its texts."""
    rng = random.Random(seed)
    names, phones, addresses, groups, texts = [], [], [], [], []
    for i in range(rows):
        given = _GIVEN[i % len(_GIVEN)] + _GIVEN[i // len(_GIVEN) % len(_GIVEN)]
        name = _FAMILY[i // len(_GIVEN) ** 2 % len(_FAMILY)] + given
        phone = f"1{rng.choice('3578')}{i:04d}{rng.randrange(10**5):05d}"
        street = f"{rng.choice(_STREETS)}{i % 997 + 1}号{rng.randrange(1, 30)}栋{rng.randrange(101, 2900)}"
        names.append(name), phones.append(phone), addresses.append(f"广东省深圳市南山区{street}")
        groups.append(f"c{i // 8}")
        text = "。".join(rng.sample(_SAID, 2))
        if held:
            said = _HELD[i % len(_HELD)]
            text = said.format(name=name, phone=phone, street=street, polite=f"{name[0]}先生") + text
        texts.append(text)
    batch = pa.record_batch({"name": names, "phone": phones, "address": addresses, "talk": groups})
    return batch, pa.array(texts, pa.large_string())


def rate(rows: int, *, held: bool, group: str | None = None) -> tuple[float, float]:
    """Megabytes of text per CPU second, best of five, and finds for each row."""
    batch, texts = feed(rows, held=held)
    size = texts.nbytes / 1e6
    best, finds = 0.0, 0
    for _ in range(5):
        before = time.process_time()
        for start in range(0, rows, BATCH):
            part = batch.slice(start, BATCH)
            known = KnownValues({"name": "PERSON", "phone": "PHONE_NUMBER", "address": "ADDRESS"}, group)
            finds += len(known.scan(part, texts.slice(start, BATCH)))
        best = max(best, size / (time.process_time() - before))
    return best, finds / 5 / rows


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=4 * BATCH, help="rows of the feed")
    rows = options.parse_args().rows
    figures = {}
    for name, held, group in (("none_held", False, None), ("one_held", True, None), ("talks_of_8", False, "talk")):
        speed, finds = rate(rows, held=held, group=group)
        say(f"{name}: {speed:.1f} MB per CPU second, {finds:.3f} finds a row")
        figures[f"{name}_mb_per_cpu_s"] = round(speed, 1)
    report(
        "known_values",
        {"none_vs_one_held": round(figures["none_held_mb_per_cpu_s"] / figures["one_held_mb_per_cpu_s"], 2)},
        figures,
    )


if __name__ == "__main__":
    main()
