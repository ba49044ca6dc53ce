"""Tests of the DAGs: whole-bag policy, and every shape run in one process."""
