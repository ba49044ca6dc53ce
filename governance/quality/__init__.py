"""Quality: a Great Expectations suite generated from the contract, run on all scrubbed rows in bounded memory.

`suite_for` is pure and cheap; `run_suite` imports Great Expectations and Polars when it is called.
"""

from governance.quality.evidence import Check
from governance.quality.run import QualityResult, run_suite
from governance.quality.suite import Expected, Suite, suite_for

__all__ = ["Check", "Expected", "QualityResult", "Suite", "run_suite", "suite_for"]
