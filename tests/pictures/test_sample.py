"""A few pictures of each sort, drawn by a browser and read by the models: no worse than they were."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from complaints.intake import reader
from tests.pictures.gallery import chosen, draw, judge

NAMES = (
    *("open-001-notice", "open-002-notice", "open-007-notice", "open-013-chat"),
    *("open-016-chat", "open-019-sms", "open-021-order", "open-023-nothing"),
)
SHARE = 0.9  # of what stands in them


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
    assert len(verdicts) - len(wrong) >= SHARE * len(verdicts), wrong


@pytest.mark.browser
def test_nothing_wrong_is_shown_as_sure(verdicts):
    assert not [verdict for verdict in verdicts if verdict.misleads]
