"""What others ask to know of a release, in their own forms, from what its manifest and report hold.

Croissant and a data card for who trains, the row of GDPR art. 30 and a TC260 sheet for who is inspected, the AI Act's
summary of training content for the public, OpenLineage events for catalogues. Nothing is looked up or guessed: what
nobody stated is written as `UNSTATED`.
"""

from __future__ import annotations

from governance.exports.facts import UNSTATED, Facts, Stated
from governance.exports.kinds import KINDS, Export, export

__all__ = ["KINDS", "UNSTATED", "Export", "Facts", "Stated", "export"]
