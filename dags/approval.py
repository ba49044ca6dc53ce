"""The question to the reviewer, and the answer as a decision for the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from string import Template
from typing import Any

from agreed import DESK, REPORTS, REVIEW_HOURS
from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Context, Param, get_current_context

from schemas.contract import Mix

# Counts and digests alone: what stands here is kept in Airflow's database and in its logs.
BODY = Template("""\
{% set built = ti.xcom_pull(task_ids='build') %}\
**$mix@{{ built.version }}** ($purpose, for $audience) waits for your decision.

**[Read the report]($reports/release.$mix/{{ built.version }}/report.html)** before you answer.

| data set | documents | duplicates | rows taken | tokens | share |
|---|--:|--:|--:|--:|--:|
{% for source in built.sources -%}
| {{ source.dataset }} | {{ '{:,}'.format(source.documents) }} | {{ '{:,}'.format(source.duplicates) }} \
| {{ '{:,}'.format(source.rows) }} | {{ '{:,}'.format(source.tokens) }} | {{ '{:.1%}'.format(source.share | float) }} |
{% endfor -%}
| **all** | | | **{{ '{:,}'.format(built.rows) }}** | **{{ '{:,}'.format(built.tokens) }}** | |

{{ built.gates | selectattr('passed', 'sameas', true) | list | length }} of {{ built.gates | length }} gates passed\
{% for gate in built.gates if gate.passed is not sameas true %}; let through: `{{ gate.name }}`{% endfor %}. \
Manifest `{{ built.digest }}`.
$due$risk
To read its audit sample, see every gate and sign under your own key: **[the review desk]($desk/releases/$mix/{{ built.version }})**.

*Approve* signs this digest and moves `latest` to it. *Reject*, or no answer within $hours hours, closes the release
unsigned. Either way the ledger gets your name and reason.
""")


#: Gates that are measured when somebody signs; the mix and the policy of the build say which.
DUE = """\
{% if built.signing_gates | default([]) %}\

Due at signing: {% for gate in built.signing_gates %}`{{ gate.name }}` {{ gate.comparison }} \
{{ gate.threshold }}{{ ", " if not loop.last }}{% endfor %}. They are measured \
on the closed audit: close it before you answer.
{% endif %}\
"""
HIGH = """
**High risk:** a reviewer and an officer sign, two persons. After the first, this run waits for the second to sign at the \
desk or by `clearinghouse approve`.
"""


class Approval(ApprovalOperator):
    """Asks for a decision on what ``build`` made. Rejects by itself when nobody answers in time.

    Airflow's operator skips its children on a reject and then leaves no result, so the answer is kept before that.
    """

    @classmethod
    def of(cls, mix: Mix) -> Approval:
        return cls(
            task_id="approval",
            subject=f"Release {mix.name}@{{{{ ti.xcom_pull(task_ids='build').version }}}}",
            body=BODY.substitute(
                mix=mix.name,
                purpose=mix.purpose,
                audience=mix.audience,
                reports=REPORTS,
                desk=DESK,
                hours=f"{REVIEW_HOURS:g}",
                due=DUE,
                risk=HIGH if mix.risk == "high" else "",
            ),
            params={"reason": Param("", type="string", title="Reason", description="Goes into the ledger.")},
            defaults=cls.REJECT,
            response_timeout=timedelta(hours=REVIEW_HOURS),
            assigned_users=[{"id": name, "name": name} for name in sorted(mix.reviewers)] or None,
        )

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        context["ti"].xcom_push("decision", decision(event))
        return super().execute_complete(context=context, event=event)


def decision(event: Mapping[str, Any]) -> dict[str, str]:
    """What the reviewer decided. The scheduler answers with the default, and in nobody's name, after the timeout."""
    from clearinghouse.jobs.decide import NOBODY

    user = event.get("responded_by_user")
    if user is None:
        return {"verdict": "reject", "reviewer": NOBODY, "reason": f"no answer within {REVIEW_HOURS:g} hours"}
    return {
        "verdict": "approve" if event["chosen_options"] == [ApprovalOperator.APPROVE] else "reject",
        "reviewer": user["name"],
        "reason": (event.get("params_input") or {}).get("reason", "").strip() or "no reason given",
    }


def answered() -> dict[str, str] | None:
    """The decision of this run's approval; ``None`` when a person marked the task as done instead of answering."""
    return get_current_context()["ti"].xcom_pull(task_ids="approval", key="decision")
