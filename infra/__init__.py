"""Where bytes live and code runs."""
