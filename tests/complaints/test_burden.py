from pathlib import Path

import pytest

from complaints import burden, words
from complaints.models import CaseExhibit

K = CaseExhibit.Kind


@pytest.mark.parametrize(
    ("reason", "asked", "present", "left"),
    [
        ("misdescribed", [], [], [burden.PICTURES, (K.LISTING,)]),
        ("misdescribed", [], ["photo"], [(K.LISTING,)]),
        ("misdescribed", [], ["video", "listing"], []),
        ("misdescribed", ["photo", "chat"], [], [(K.LISTING,), (K.PHOTO,), (K.CHAT,)]),  # what was named stands alone
        ("misdescribed", ["photo", "listing"], ["listing"], [(K.PHOTO,)]),
        ("counterfeit", [], [], []),  # the merchant's to prove first
        ("invoice", ["invoice", "invoice"], [], [(K.INVOICE,)]),
        ("invoice", ["nonsense", "other"], [], []),
        ("", [], [], []),
    ],
)
def test_what_is_missing_is_what_the_rule_and_the_notices_ask_for_and_is_not_there(reason, asked, present, left):
    assert burden.missing(reason, asked, present) == left


def test_every_row_is_a_reason_of_ours_with_articles_that_the_sources_name():
    sources = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")
    section = sources.split("## Burden of proof")[1].split("\n## ")[0]
    for reason, row in burden.BURDENS.items():
        assert reason in words.COMPLAINT_REASONS
        for article in row.articles.split("–"):
            assert f" {article}" in section
