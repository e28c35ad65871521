"""A few pictures of each sort, drawn by a browser and read by the models: no worse than they were; what all came to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from complaints.intake import reader
from tests.pictures.gallery import MISLEADING, chosen, draw, judge, recorded

NAMES = (  # a messenger's JPEG, a tilted photo, a small and dense one, one that wraps before a time, by night
    *("open-001-notice", "open-002-notice", "open-007-notice", "open-075-notice", "open-049-notice"),
    *("open-013-chat", "open-016-chat", "open-019-sms", "open-021-order", "open-022-logistics", "open-023-nothing"),
)
LEAST, MOST_MISLEADING = 0.97, 0.005  # of what stands in all pictures, of the values that are told


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    found = []
    folder = tmp_path_factory.mktemp("pictures")
    with ThreadPoolExecutor(1) as pool:  # the loop of the browser tests runs in this thread
        drawn = pool.submit(lambda: list(draw(chosen("open", NAMES), folder))).result()
    for scene, path in drawn:
        found += judge(scene.truth, reader.read(path.read_bytes()).main.as_contract())
    reader.end_all()
    return found


@pytest.mark.browser
def test_what_stands_in_pictures_comes_out(verdicts):
    wrong = [verdict for verdict in verdicts if not verdict.is_right]
    assert len(verdicts) > 40
    assert not wrong


@pytest.mark.browser
def test_nothing_wrong_is_shown_as_sure(verdicts):
    assert not [verdict for verdict in verdicts if verdict.misleads]


def test_what_was_recorded_of_all_pictures_is_good_enough_and_of_the_pictures_that_there_are():
    for part, scores in recorded().items():
        wrong, values = scores.pop(MISLEADING)
        right, of = (sum(counts[place] for counts in scores.values()) for place in (0, 1))
        assert right >= LEAST * of, part
        assert wrong <= MOST_MISLEADING * values, part
        assert scores["picture"][1] == len(chosen(part))
