#!/usr/bin/env python
"""Suji's commands: `manage.py help` lists them, `docs/operating.md` tells when to use which."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))  # a setting that is missing or wrong is a sentence, not a traceback
