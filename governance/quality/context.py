"""Great Expectations as a library: nothing on disk, nothing over the network, no progress bars.

Importing it takes seconds, so this module and its neighbours are imported by `run` when a suite is run.
"""

from __future__ import annotations

import warnings
from functools import lru_cache

# Its import warns of deprecations inside its own dependencies, which no user of ours can mend.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import great_expectations as gx
    from great_expectations.data_context import EphemeralDataContext
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    from governance.quality import aggregate_metrics, measures, registration, source, types


@lru_cache(maxsize=1)
def register() -> None:
    """Make the Polars engine, its metrics and our own expectations known to Great Expectations. Once a process."""
    registration.register_maps()
    aggregate_metrics.register_all()
    types.register_all()
    measures.register_all()


def new_context() -> EphemeralDataContext:
    """A context in memory, with the Polars engine registered and analytics off."""
    register()
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        analytics_enabled=False,
    )
    return gx.get_context(mode="ephemeral", project_config=config)


__all__ = ["new_context", "register", "source"]
