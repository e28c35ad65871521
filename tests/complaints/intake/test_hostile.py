"""Nothing that a mail holds costs more than its length, or breaks the reading."""

from itertools import islice
from time import process_time

import pytest

from tests.mails.hostile import STRUCTURES
from tests.mails.mutate import check, mutants

SIZE = 100_000


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_mail_made_to_cost_time_costs_little(name):
    raw = STRUCTURES[name](SIZE)
    started = process_time()
    check(raw)
    assert process_time() - started < 5  # what is quadratic takes minutes


@pytest.mark.parametrize("seed", range(4))
def test_mails_with_broken_bytes_are_read(seed):
    for mutant in islice(mutants(seed), 40):
        check(mutant)
