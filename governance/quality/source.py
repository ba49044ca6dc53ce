"""A data source of Great Expectations over Parquet files, read with the Polars engine."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

from great_expectations.compatibility import pydantic
from great_expectations.core.batch import LegacyBatchDefinition
from great_expectations.core.id_dict import IDDict
from great_expectations.datasource.fluent import BatchRequest
from great_expectations.datasource.fluent.batch_identifier_util import make_batch_identifier
from great_expectations.datasource.fluent.interfaces import Batch, DataAsset, Datasource, TestConnectionError

from governance.quality.engine import ParquetBatchSpec, PolarsExecutionEngine
from governance.quality.passes import scan


class ParquetAsset(DataAsset):
    """Parquet files of one schema, validated together as one batch."""

    type: Literal["polars_parquet"] = "polars_parquet"
    paths: list[Path]

    class Config:
        extra = pydantic.Extra.forbid

    def test_connection(self) -> None:
        absent = [path.name for path in self.paths if not path.is_file()]
        if absent or not self.paths:
            raise TestConnectionError(f"no such file: {', '.join(absent)}" if absent else "no files were given")

    def get_batch_parameters_keys(self, partitioner: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        return ()

    def get_batch_identifiers_list(self, batch_request: BatchRequest) -> list[dict[str, Any]]:
        return [IDDict(batch_request.options)]

    def build_batch_request(
        self, options: Any = None, batch_slice: Any = None, partitioner: Any = None
    ) -> BatchRequest:
        if options or batch_slice is not None or partitioner is not None:
            raise ValueError("the files of a Parquet asset are one batch; it takes no options")
        return BatchRequest(datasource_name=self.datasource.name, data_asset_name=self.name, options={})

    def _validate_batch_request(self, batch_request: BatchRequest) -> None:
        asked = (batch_request.datasource_name, batch_request.data_asset_name)
        if asked != (self.datasource.name, self.name) or batch_request.options:
            raise ValueError("the batch request is for another asset")

    def get_batch(self, batch_request: BatchRequest) -> Batch:
        self._validate_batch_request(batch_request)
        spec = ParquetBatchSpec(frame=scan(self.paths))
        data, markers = self.datasource.get_execution_engine().get_batch_data_and_markers(batch_spec=spec)
        return Batch(
            datasource=self.datasource,
            data_asset=self,
            batch_request=batch_request,
            data=data,
            metadata=self._get_batch_metadata_from_batch_request(batch_request=batch_request),
            batch_markers=markers,
            batch_spec=spec,
            batch_definition=LegacyBatchDefinition(
                datasource_name=self.datasource.name,
                data_connector_name="fluent",
                data_asset_name=self.name,
                batch_identifiers=make_batch_identifier(batch_request.options),
            ),
        )


class PolarsDatasource(Datasource[ParquetAsset, PolarsExecutionEngine]):
    """``context.data_sources.add_polars(name)``."""

    asset_types: ClassVar[Sequence[type[DataAsset]]] = [ParquetAsset]

    type: Literal["polars"] = "polars"
    assets: list[ParquetAsset] = []  # noqa: RUF012 - a field of a pydantic model, copied for each

    @property
    def execution_engine_type(self) -> builtins.type[PolarsExecutionEngine]:
        return PolarsExecutionEngine

    def test_connection(self, test_assets: bool = True) -> None:
        if test_assets:
            for asset in self.assets:
                asset.test_connection()

    def add_parquet(self, name: str, paths: Sequence[Path]) -> ParquetAsset:
        """An asset of these files, in this order."""
        return self._add_asset(ParquetAsset(name=name, paths=list(paths)))
