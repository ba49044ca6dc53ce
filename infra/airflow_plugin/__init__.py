"""What Airflow's API server loads: ``AIRFLOW__CORE__PLUGINS_FOLDER`` names this folder."""
