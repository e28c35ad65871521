"""The main pages as `make screens` looks at them: nothing sideways, small, untranslated, foreign or against axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tools.screens import Way, take
from tools.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

# The phone, where there is least room: each language and each theme once. All the rest is left to `make screens`.
WAYS = [Way(360, "light", "zh-hans"), Way(360, "dark", "en")]


def test_every_main_page_stands_up_to_what_a_machine_can_see(suji: Stack, browser: Browser) -> None:
    assert take(browser, suji, None, ways=WAYS) == []
