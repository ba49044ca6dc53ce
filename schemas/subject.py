"""Which values lead to a person: the entities by which a data subject is looked up, and what people call them.

Some values name one person by themselves (a telephone number, an account). Others do so only together: a name and an
address in one record, never a name alone, which thousands share.
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas.contract import Field

RECORD = "RECORD"
"""Values of a field that the contract marks ``subject: true`` without saying what they are: an order number, say."""
CONVERSATION = "_conversation"
"""The keyed mark of a conversation, as evidence has it in ``document``: not a value that anybody asks by."""

ALONE = frozenset(
    {
        "PHONE_NUMBER",
        "EMAIL_ADDRESS",
        "CN_RESIDENT_ID",
        "NATIONAL_ID",
        "BANK_CARD",
        "BANK_ACCOUNT",
        "CRYPTO_WALLET",
        "USER_ID",
        "USERNAME",
        "ACCOUNT_URL",
        "DEVICE_ID",
        "MAC_ADDRESS",
        "PLATE",
        "WAYBILL",
        RECORD,
    }
)
"""Entities whose value names one person, or a thing of one person, by itself."""
TOGETHER = frozenset({"PERSON", "ADDRESS", "BIRTH_DATE", "LOCATION", "IP_ADDRESS"})
"""Entities of which two different ones in one record name a person."""

KINDS: Mapping[str, tuple[str, ...]] = {
    "phone": ("PHONE_NUMBER",),
    "email": ("EMAIL_ADDRESS",),
    "national_id": ("CN_RESIDENT_ID", "NATIONAL_ID"),
    "bank_card": ("BANK_CARD", "BANK_ACCOUNT"),
    "wallet": ("CRYPTO_WALLET",),
    "user_id": ("USER_ID", "USERNAME"),
    "username": ("USERNAME", "USER_ID"),
    "account_url": ("ACCOUNT_URL",),
    "device": ("DEVICE_ID", "MAC_ADDRESS"),
    "plate": ("PLATE",),
    "waybill": ("WAYBILL",),
    "record": (RECORD,),
    "name": ("PERSON",),
    "address": ("ADDRESS", "LOCATION"),
    "birth_date": ("BIRTH_DATE",),
    "ip": ("IP_ADDRESS",),
}
"""What requests call values -> the entities that columns and recognisers give such values."""


def entity_of(field: Field, entity: str | None) -> str | None:
    """The entity under which a field's whole cells are indexed; ``None``: they lead to nobody.

    ``entity`` is what the policy takes the whole cell for (`schemas.plans.FieldPlan.entity`). The contract decides with
    ``subject``; where it is silent, what is personal and leads to a person is indexed, and nothing else.
    """
    if field.subject is False:
        return None
    known = entity if entity in ALONE | TOGETHER else None
    if known is None and field.entity in ALONE | TOGETHER:
        known = field.entity
    return known or (RECORD if field.subject else None)
