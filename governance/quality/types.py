"""Column types as Great Expectations' type expectations want them: by the names that pandas and numpy use."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from great_expectations.expectations.core import (
    ExpectColumnValuesToBeInTypeList as _InTypeList,
)
from great_expectations.expectations.core import (
    ExpectColumnValuesToBeOfType as _OfType,
)

from governance.quality.engine import PolarsExecutionEngine
from governance.quality.literals import Unfit


def described(dtype: pl.DataType) -> Any:
    """The pandas or numpy type of a column, as pandas would give it where it has one; else ``object``."""
    if dtype == pl.String:
        return pd.StringDtype(na_value=np.nan)
    if dtype == pl.Boolean:
        return np.dtype("bool")
    if dtype.is_integer() or dtype.is_float():
        return np.dtype(str(dtype).lower()) if str(dtype) not in ("Int128", "UInt128") else np.dtype("object")
    if dtype == pl.Date:
        return np.dtype("datetime64[D]")
    if dtype == pl.Datetime:
        unit, zone = dtype.time_unit, dtype.time_zone  # type: ignore[attr-defined]
        return pd.DatetimeTZDtype(unit, zone) if zone else np.dtype(f"datetime64[{unit}]")
    return np.dtype("object")


def register_all() -> None:
    """Teach the two type expectations the Polars engine.

    They ask the engine for its class and know three. A subclass of the same name takes their place in Great
    Expectations' registry; for other engines it does what they did.
    """
    registry = logging.getLogger("great_expectations.expectations.registry")
    level = registry.level
    # It warns of a name that is taken twice, which is what is meant here.
    registry.setLevel(logging.ERROR)
    try:
        _define()
    finally:
        registry.setLevel(level)


def _define() -> None:
    class ExpectColumnValuesToBeOfType(_OfType):
        def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
            if isinstance(execution_engine, PolarsExecutionEngine):
                return self._validate_pandas(_column_type(metrics, self.column), self.type_)
            return super()._validate(metrics, runtime_configuration, execution_engine)

    class ExpectColumnValuesToBeInTypeList(_InTypeList):
        def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
            if isinstance(execution_engine, PolarsExecutionEngine):
                return self._validate_pandas(_column_type(metrics, self.column), self.type_list)
            return super()._validate(metrics, runtime_configuration, execution_engine)

    del ExpectColumnValuesToBeOfType, ExpectColumnValuesToBeInTypeList


def _column_type(metrics: Any, column: str) -> Any:
    for described_column in metrics["table.column_types"]:
        if described_column["name"] == column:
            return described_column["type"]
    raise Unfit(f"no column {column!r}")
