"""The main pages as `make screens` looks at them: nothing sideways, small, untranslated, foreign or against axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tools.screens import LANGUAGES, Way, take
from tools.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

# Each language, each width and each theme; every pair of the last two is left to `make screens`.
WAYS = [
    *(Way(360, "light", language) for language in LANGUAGES),
    *(Way(1280, "dark", language) for language in LANGUAGES),
]


def test_every_main_page_stands_up_to_what_a_machine_can_see(suji: Stack, browser: Browser) -> None:
    assert take(browser, suji, None, ways=WAYS) == []
