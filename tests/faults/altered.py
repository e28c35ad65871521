"""The settings with what a scenario alters of the surroundings, and of the product where a test breaks it on purpose.

SUJI_FAULTS_READER  "cpu_seconds=1,memory=8000000": smaller limits of the reader, so that an honest mail overruns them
SUJI_FAULTS_MUTANT  one of tests/faults/mutants.py: the checker has to notice it
"""

import os

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, READER_LIMITS

for _word in filter(None, os.environ.get("SUJI_FAULTS_READER", "").split(",")):
    _name, _, _value = _word.partition("=")
    READER_LIMITS[_name] = int(_value)
if os.environ.get("SUJI_FAULTS_MUTANT"):
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.mutants.Mutant"]
