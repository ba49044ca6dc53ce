"""The reader in the terms of training frameworks. Each module imports its framework when it is used, and no other.

torch        IterableDataset with a state, for DataLoader and torchdata's StatefulDataLoader
positions    __len__ and __getitem__(position): Grain, JAX, anything map-style
huggingface  datasets.IterableDataset
polars       LazyFrame whose bytes are checked
duckdb       relation whose bytes are checked
arrays       batches as NumPy
"""
