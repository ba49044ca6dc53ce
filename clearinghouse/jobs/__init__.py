"""The jobs that put the rooms together: ingest, release, decide."""
