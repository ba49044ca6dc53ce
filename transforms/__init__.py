"""How a batch becomes another batch. Pure: no I/O, no clock, no Airflow."""
