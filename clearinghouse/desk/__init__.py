"""The review desk: a small web site over the store, for those who read reports, audit samples and sign releases.

`make_app` is the whole of it as an ASGI application. ``clearinghouse desk`` serves it with sign-in of its own, and
`infra.airflow_plugin.desk` mounts it in Airflow's site behind Airflow's. Pages come from the server, work without a
script, and only call what the command line calls too.
"""
