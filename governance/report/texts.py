"""Names that the program uses, in the words of the page's two languages. A name without an entry is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping

#: Gates: what each asks, in short.
GATES: Mapping[str, tuple[str, str]] = {
    "contract_complete": ("contract complete", "契约完整"),
    "purpose_allowed": ("purpose allowed", "用途许可"),
    "licence_present": ("licence present", "许可证齐备"),
    "consent_recorded": ("consent recorded", "同意有据"),
    "consent_for_personal": ("consent for personal data", "个人信息同意"),
    "residency_kept": ("residency kept", "数据驻留"),
    "export_recorded": ("export recorded", "出境有据"),
    "quality_passed": ("quality passed", "质量通过"),
    "accounting_balanced": ("accounting balanced", "数量平衡"),
    "snapshots_current": ("snapshots current", "快照有效"),
    "drift_accepted": ("drift accepted", "漂移已接受"),
    "drift_warnings": ("drift warnings", "漂移提示"),
    "source_rejection_rate": ("source rejection rate", "来源拒收率"),
    "unscanned_share": ("unscanned share", "未扫描比例"),
    "duplicate_share": ("duplicate share", "重复比例"),
    "decontaminated": ("decontaminated", "评测去污染"),
    "k_anonymity": ("k-anonymity", "k 匿名"),
    "sources_per_language": ("sources per language", "每语种来源数"),
    "sources_per_type": ("sources per type", "每类型来源数"),
    "synthetic_declared": ("synthetic declared", "合成已声明"),
    "synthetic_share": ("synthetic share", "合成比例"),
    "audit_closed": ("audit closed", "审计已结束"),
    "pii_residual_bound": ("residual leaks, bound", "残留泄漏上界"),
    "source_harmful_rate": ("harmful content by source", "来源有害内容率"),
    "manual_sample_items": ("rows read by people", "人工抽检条数"),
    "manual_pass_rate": ("manual pass rate", "人工合格率"),
    "technical_sample_share": ("technical sample share", "技术抽检比例"),
    "technical_pass_rate": ("technical pass rate", "技术合格率"),
    "reader_kappa": ("reader agreement (kappa)", "审读一致性 κ"),
}

#: Kinds of personal data; the code itself stands beside.
ENTITIES: Mapping[str, str] = {
    "ACCOUNT_URL": "账号链接",
    "ADDRESS": "地址",
    "BANK_CARD": "银行卡",
    "BIRTH_DATE": "出生日期",
    "CN_RESIDENT_ID": "居民身份证",
    "DEVICE_ID": "设备标识",
    "EMAIL_ADDRESS": "电子邮箱",
    "IP_ADDRESS": "IP 地址",
    "LOCATION": "位置",
    "MAC_ADDRESS": "MAC 地址",
    "NATIONAL_ID": "证件号码",
    "ORDER_NUMBER": "订单号",
    "ORGANISATION": "机构",
    "PERSON": "姓名",
    "PERSON_ATTRIBUTE": "个人属性",
    "PHONE_NUMBER": "电话",
    "PICKUP_CODE": "取件码",
    "PLATE": "车牌",
    "PUBLIC_FIGURE": "公众人物",
    "SECRET": "密钥口令",
    "SENSITIVE": "敏感信息",
    "SERVICE_LINE": "服务热线",
    "USERNAME": "用户名",
    "USER_ID": "用户标识",
    "WAYBILL": "运单号",
}

ACTIONS: Mapping[str, str] = {
    "drop": "删除",
    "mask": "遮盖",
    "placeholder": "占位符",
    "pseudonym": "假名",
    "surrogate": "替代值",
    "generalise": "粗化",
    "encrypt": "加密",
    "operator": "外部算子",
    "scan": "扫描",
    "keep": "保留",
}

BASES: Mapping[str, tuple[str, str]] = {
    "consent": ("Consent", "个人同意"),
    "contract": ("Contract with the person", "与个人的合同"),
    "legalObligation": ("Legal obligation", "法定义务"),
    "vitalInterests": ("Vital interests", "重大利益"),
    "publicTask": ("Public task", "公共职责"),
    "legitimateInterests": ("Legitimate interests", "正当利益"),
    "publicData": ("Public data", "已公开信息"),
}

PURPOSES: Mapping[str, tuple[str, str]] = {
    "pretrain": ("Pre-training", "预训练"),
    "finetune": ("Fine-tuning", "微调"),
    "eval": ("Evaluation", "评测"),
}

FORMATS: Mapping[str, tuple[str, str]] = {
    "text": ("plain text", "纯文本"),
    "messages": ("chat messages", "对话消息"),
    "preference": ("preference pairs", "偏好对"),
    "image-text": ("pictures and text", "图文"),
}

DRIFTS: Mapping[str, tuple[str, str]] = {
    "ok": ("as before", "与此前一致"),
    "first": ("first: nothing to compare with", "首个快照，无可比较"),
    "warn": ("remarks", "有提示"),
    "held": ("held back", "已扣留"),
    "accepted": ("held, then accepted", "扣留后接受"),
}

FLAGS: Mapping[str, tuple[str, str]] = {
    "rise": ("rise", "上升"),
    "fall": ("fall", "下降"),
    "new": ("new", "新出现"),
    "gone": ("gone", "消失"),
    "": ("within chance", "随机范围内"),
}

#: Values of gates that are words.
VALUES: Mapping[str, tuple[str, str]] = {
    "true": ("yes", "是"),
    "false": ("no", "否"),
    "not measured": ("not measured", "未测量"),
    "nothing to measure": ("nothing to measure", "无可测量"),
}

STANDINGS: Mapping[str, tuple[str, str]] = {
    "due": ("due", "待完成"),
    "met": ("done in time", "按期完成"),
    "late": ("done late", "逾期完成"),
}

SIDES: Mapping[str, tuple[str, str]] = {
    "redacted": ("redacted rows", "已脱敏行"),
    "unredacted": ("rows without a redaction", "未脱敏行"),
}
