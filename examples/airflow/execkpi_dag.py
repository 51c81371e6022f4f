"""Build the ExecKPI gold layer every day, test it, and train the conversion model on it.

    run  >>  test_gold  >>  train

Each task is a karat command; a failed test of the gold layer stops the DAG before the trainer sees
the data. karat's exit codes are all that Airflow needs: 0 is success, 1 is a model or test that failed
or a mistake in the project, 2 is a wrong command line.

Settings are environment variables of the Airflow worker:

    KARAT                    the program; default: karat
    EXECKPI_PROJECT_DIR      folder of project.yml; default: /opt/execkpi
    EXECKPI_TARGET           target in profiles.yml; default: dev
    EXECKPI_FEATURES         CSV file that `train` exports; default: /tmp/execkpi_features.csv
    EXECKPI_TRAIN_COMMAND    the trainer, called with that file; default: execkpi-train

The raw tables must be there already: run `karat seed` once, or set the variable `thelook_source` of
the project to `public`.
"""

import os
from datetime import datetime, timedelta

from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2 without the standard provider
    from airflow.operators.bash import BashOperator

SETTINGS = {
    "KARAT": os.environ.get("KARAT", "karat"),
    "EXECKPI_PROJECT_DIR": os.environ.get("EXECKPI_PROJECT_DIR", "/opt/execkpi"),
    "EXECKPI_TARGET": os.environ.get("EXECKPI_TARGET", "dev"),
    "EXECKPI_FEATURES": os.environ.get("EXECKPI_FEATURES", "/tmp/execkpi_features.csv"),
    "EXECKPI_TRAIN_COMMAND": os.environ.get("EXECKPI_TRAIN_COMMAND", "execkpi-train"),
}


def karat(command):
    """The command line of a karat command, in terms of the settings."""
    where = '--project-dir "$EXECKPI_PROJECT_DIR" --profiles-dir "$EXECKPI_PROJECT_DIR" --target "$EXECKPI_TARGET"'
    return f'"$KARAT" {command} {where}'


def bash(task_id, command):
    return BashOperator(
        task_id=task_id,
        bash_command=f"set -euo pipefail\n{command}\n",
        env=SETTINGS,
        append_env=True,
    )


with DAG(
    dag_id="execkpi",
    description="Builds and tests the ExecKPI gold layer, then trains the conversion model.",
    doc_md=__doc__,
    schedule="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "execkpi",
        "retries": 2,
        "retry_delay": timedelta(minutes=5),
        "retry_exponential_backoff": True,
        "execution_timeout": timedelta(hours=1),
    },
    tags=["execkpi", "karat"],
) as dag:
    run = bash("run", karat("run"))
    test_gold = bash("test_gold", karat("test --select gold"))
    train = bash(
        "train",
        karat("show --select features_conversion --limit -1 --output csv") + ' > "$EXECKPI_FEATURES"\n'
        '$EXECKPI_TRAIN_COMMAND "$EXECKPI_FEATURES"',
    )

    run >> test_gold >> train
