"""The settings with what a scenario alters of the surroundings, and of the product where a test breaks it on purpose.

SUJI_FAULTS_READER  "cpu_seconds=1,memory=8000000": smaller limits of the reader, so that an honest mail overruns them
SUJI_FAULTS_CLOCK   "-90": seconds by which the clock of the process is wrong
SUJI_FAULTS_MUTANT  one of tests/faults/mutants.py: the checker has to notice it
"""

import os
from datetime import UTC, datetime, timedelta

import time_machine

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, READER_LIMITS

for _word in filter(None, os.environ.get("SUJI_FAULTS_READER", "").split(",")):
    _name, _, _value = _word.partition("=")
    READER_LIMITS[_name] = int(_value)
if os.environ.get("SUJI_FAULTS_CLOCK"):
    _wrong_by = timedelta(seconds=float(os.environ["SUJI_FAULTS_CLOCK"]))
    time_machine.travel(datetime.now(UTC) + _wrong_by, tick=True).start()
if os.environ.get("SUJI_FAULTS_MUTANT"):
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.mutants.Mutant"]
