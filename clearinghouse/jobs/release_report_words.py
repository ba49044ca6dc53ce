"""What no figure of a report covers, in words, English and Chinese: what nobody looked at, and what risk is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from clearinghouse.jobs.release_report_history import named
from clearinghouse.jobs.release_select import Selection
from governance.report import texts
from schemas.actions import KEYED, MARKS
from schemas.manifest import ReleaseManifest
from schemas.plans import RedactionPlan

_ZH_MARKS: Mapping[str, str] = {
    "surrogate": "虚构的替代值，阅读者无法与真实值区分；持有密钥者可以关联",
    "encrypt": "加密值；持有封存密钥者可以读取",
    "generalise": "粗化后的真实值，与其他事实结合时仍可能指向个人",
    "operator": "Presidio 算子留下的内容，本系统不作保证",
}


SAMPLE = "A blind sample of redactions and misses"
"""What nobody has looked at until an audit is closed."""


def unchecked(
    selection: Selection, plans: Mapping[str, RedactionPlan], not_scanned: list[dict[str, Any]]
) -> Iterator[dict[str, str]]:
    """What nobody looked at, most serious first. An empty list would be a claim that nothing was missed."""
    scanned = [key for key, plan in plans.items() if plan.doing("scan")]
    for kinds, datasets in _no_recogniser(selection, plans).items():
        every = datasets == scanned
        what, what_zh = _kinds(kinds)
        yield _said(
            f"{what} in free text",
            "no recogniser of this kind ran; such values may stand in the free text of "
            + ("every source that has any" if every else named(datasets)),
            f"自由文本中的{what_zh}",
            "没有运行此类识别器；" + ("凡有自由文本的来源" if every else named(datasets)) + "都可能含有此类值",
        )
    yield from _not_sought(selection, plans)
    sought = selection.policy.looked_for
    if scanned and (sought is None or set(_FIRST) & set(sought)):
        yield _said(
            "How many names and addresses were missed",
            "they are found by word lists and a model trained on generated text, which miss some; on the "
            "labelled sets that were measured, one name in five to ten",
            "漏检的姓名和地址有多少",
            "它们由词表和在生成文本上训练的模型找出，会有漏检；在已测的标注集上，每五到十个姓名漏一个",
        )
    cells = sum(row["cells"] for row in not_scanned)
    if cells:
        reasons = ", ".join(sorted({row["reason"] for row in not_scanned})).replace("_", " ")
        yield _said(
            "Parts of free text",
            f"{cells:,} cells or parts of cells: {reasons} (listed below)",
            "部分自由文本",
            f"{cells:,} 个单元格或其中一部分：{reasons}（见下文）",
        )
    skipped = [
        chosen.contract.key for chosen in selection.datasets if int(chosen.snapshot.quality.get("skipped", 0) or 0)
    ]
    if skipped:
        yield _said(
            "Some quality checks",
            f"skipped for {named(skipped)}: rules that look at values which scrubbing took away",
            "部分质量检查",
            f"{named(skipped)} 跳过：规则所看的值已被脱敏去除",
        )
    yield _said(
        "Unlawful or harmful content",
        "no keyword list, classifier or manual sample was applied when this was built; the rejection rate counts broken "
        "rows only, and people can mark such content in an audit",
        "违法或有害内容",
        "构建时未使用关键词库、分类器或人工抽样；拒收率只计不合契约的行，审计时可由人工标出此类内容",
    )
    yield _said(
        SAMPLE,
        "none was drawn when this was built, so the share of missed values is not known; 0 leaks in n rows read would "
        "bound it under about 3/n (95 %)",
        "脱敏与漏检的盲抽样",
        "构建时尚未抽样，漏检比例未知；若 n 行中无泄漏，则上界约为 3/n(95 %）",
    )
    if selection.mix.format == "image-text":
        yield _said(
            "What pictures show",
            "faces, plates, screens and writing in them were not looked at; metadata was taken out of bytes, and "
            "pictures by reference were not fetched",
            "图片内容",
            "未检查其中的人脸、车牌、屏幕和文字；已清除图片字节中的元数据，引用的图片未下载",
        )
    if selection.mix.dedup.near is None:
        yield _said(
            "Near-duplicates",
            "only documents equal after normalisation were taken out",
            "近似重复",
            "只去除了规范化后完全相同的文档",
        )
    if selection.mix.decontaminate is None:
        yield _said(
            "Benchmark contamination",
            "no overlap with evaluation sets was looked for",
            "评测集污染",
            "未查找与评测集的重叠",
        )
    guessed = [
        chosen.contract.key
        for chosen in selection.datasets
        if chosen.contract.document is not None and chosen.contract.document.language == "auto"
    ]
    if guessed:
        yield _said(
            "Language",
            f"guessed by script and common words for {named(guessed)}",
            "语种",
            f"{named(guessed)} 按文字和常用词推断",
        )


def _said(what: str, why: str, what_zh: str, why_zh: str) -> dict[str, str]:
    return {"what": what, "why": why, "what_zh": what_zh, "why_zh": why_zh}


def _no_recogniser(selection: Selection, plans: Mapping[str, RedactionPlan]) -> dict[tuple[str, ...], list[str]]:
    """Kinds of personal data of the policy that no recogniser looks for in the free text that is released."""
    from clearinghouse.sought import entities_sought
    from schemas.plans import known_entities

    missing: dict[tuple[str, ...], list[str]] = {}
    for key, regions in _regions(selection, plans).items():
        absent = known_entities(selection.policy) - entities_sought(regions)
        for kinds in (tuple(one for one in _FIRST if one in absent), tuple(sorted(absent - set(_FIRST)))):
            if kinds:
                missing.setdefault(kinds, []).append(key)
    return missing


def _not_sought(selection: Selection, plans: Mapping[str, RedactionPlan]) -> Iterator[dict[str, str]]:
    """Kinds of personal data that there are recognisers for and that the policy has nobody look for."""
    sought = selection.policy.sought
    scanned = [key for key, plan in plans.items() if plan.doing("scan")]
    if sought is None or not scanned:
        return
    from clearinghouse.sought import entities_sought

    # The title of a work is nobody's.
    left: set[str] = set()
    for regions in _regions(selection, plans).values():
        left |= entities_sought(regions) - entities_sought(regions, sought.entities) - {"WORK_TITLE"}
    if not left:
        return
    what, what_zh = _kinds([*(one for one in _FIRST if one in left), *sorted(left - set(_FIRST))])
    by = f" ({sought.citation})" if sought.citation else ""
    yield _said(
        f"{what} in free text",
        f"the policy does not have them looked for{by}; such values stand in the free text of {named(scanned)}",
        f"自由文本中的{what_zh}",
        f"策略规定不查找{by}；{named(scanned)} 的自由文本中含有此类值",
    )


def _regions(selection: Selection, plans: Mapping[str, RedactionPlan]) -> dict[str, set[str]]:
    """The regions whose values are expected in the free text of each data set that has any."""
    from governance.recognisers.regions import regions_for

    found: dict[str, set[str]] = {}
    for chosen in selection.datasets:
        scanned = plans[chosen.contract.key].doing("scan")
        if scanned:
            language = chosen.contract.document.language if chosen.contract.document else ""
            stated = "" if language == "auto" or language.startswith("field:") else language
            found[chosen.contract.key] = {
                code for plan in scanned for code in regions_for(plan.region, plan.language or stated)
            }
    return found


def _kinds(entities: Sequence[str]) -> tuple[str, str]:
    """Kinds of personal data in a heading, in English and in Chinese."""
    names = [_FIRST.get(one, one.lower().replace("_", " ")) for one in entities]
    said = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return said[0].upper() + said[1:], "、".join(texts.ENTITIES.get(one, one) for one in entities)


#: What matters most, and has a name that people know it by.
_FIRST = {"PERSON": "names of persons", "ADDRESS": "postal addresses"}


def risks(
    selection: Selection,
    manifest: ReleaseManifest,
    redactions: list[dict[str, Any]],
    plans: Mapping[str, RedactionPlan],
) -> Iterator[tuple[str, str]]:
    """What is left, in English and in Chinese."""
    keys = ", ".join(sorted({source["snapshot"]["key_id"] for source in manifest.sources}))
    for action, count in manifest.left.items():
        if action == "pseudonym":
            yield (
                f"{count:,} values were replaced by keyed pseudonyms. Whoever holds key {keys} can link "
                "them, so they remain personal information.",
                f"{count:,} 个值被替换为带密钥的假名。持有密钥 {keys} 者可以关联，因此仍属个人信息。",
            )
        else:
            named_key = f" (key {keys})" if action == "surrogate" else ""
            still = "; they remain personal information (PIPL art. 73)" if action in KEYED else ""
            zh_still = "；仍属个人信息（《个人信息保护法》第七十三条）" if action in KEYED else ""
            yield (
                f"{count:,} values were replaced by {MARKS[action]}{named_key}{still}.",
                f"{count:,} 个值被替换为{_ZH_MARKS.get(action, action)}{zh_still}。",
            )
    if any(field.entity == "*" for plan in plans.values() for field in plan):
        sought = selection.policy.looked_for
        names = sought is None or set(_FIRST) <= set(sought)
        by = (
            "by patterns, for the record's own values and for names and addresses"
            if names
            else "for the record's own values and for what the policy names"
        )
        yield (
            f"Free text was searched {by}. What a person "
            "says about themselves in other words (a nickname, a workplace, a rare illness) is still there.",
            f"自由文本{'按模式、记录自身的值以及姓名和地址' if names else '按记录自身的值以及策略所列种类'}检索。"
            "个人用其他说法谈到自己的内容（昵称、单位、罕见病）仍在其中。",
        )
    kept = [row for row in redactions if row["action"] == "keep"]
    if kept:
        there = sorted({row["entity"] for row in kept})
        kinds = ", ".join(one.lower().replace("_", " ") for one in there)
        kinds_zh = "、".join(texts.ENTITIES.get(one, one) for one in there)
        count = sum(row["count"] for row in kept)
        yield (
            f"{count:,} values were found and kept, as public: {kinds}.",
            f"{count:,} 个值被找到并作为公开信息保留：{kinds_zh}。",
        )
    stale = sum(chosen.stale_rows for chosen in selection.datasets)
    if stale:
        yield (
            f"{stale:,} rows scrubbed under an older contract, policy or key were left out, not scrubbed again.",
            f"{stale:,} 行按旧契约、旧策略或旧密钥脱敏，已排除，未重新脱敏。",
        )
    codes = {receipt.basis.get("code", "") for chosen in selection.datasets for receipt in chosen.current}
    if len(codes) > 1:
        yield (
            f"Rows were scrubbed by {len(codes)} versions of the program; newer recognisers did not see older rows.",
            f"各行由程序的 {len(codes)} 个版本脱敏；较新的识别器没有看过较早的行。",
        )
    cut = manifest.curation.get("duplicates", {}).get("cut", 0)
    if cut:
        yield (
            f"{cut:,} key{'' if cut == 1 else 's'} of near duplicates stood in more documents than were compared with "
            "each other, so some near duplicates among those may be left.",
            f"{cut:,} 个近似重复键所在的文档多于相互比较的数量，其中可能仍有近似重复。",
        )
    yield from not_passed(manifest.gates)


def not_passed(gates: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The risk that gates tell of, in both languages; nothing where all are passed or wait for the audit."""
    failed = [texts.GATES.get(gate["name"], (gate["name"],) * 2) for gate in gates if gate["passed"] is False]
    if failed:
        yield (
            f"Gates not passed: {', '.join(name for name, _ in failed)}. The release cannot be approved as it is.",
            f"未通过的关卡：{'、'.join(name for _, name in failed)}。发布不能照此批准。",
        )
