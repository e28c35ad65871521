from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from complaints.sample import STORY, sample_context
from complaints.stages import Party, Stage, Verdict
from tests import make


def test_the_sample_is_told_by_the_real_replay_without_a_row():
    page = sample_context(make.NOW)["page"]
    assert (page.standing.stage, page.standing.outcome) == (Stage.RULED, Verdict.AMBIGUOUS)
    assert page.standing.waiting_on is Party.BUYER
    assert not page.standing.odd
    assert not page.standing.unseen
    assert len(page.entries) == len(STORY)
    assert page.deadline is not None
    assert page.deadline.at - make.NOW > timedelta(days=2)


@pytest.mark.django_db
def test_anybody_may_look_at_the_sample_and_change_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = Client().get(reverse("sample_case"))
    text = answer.content.decode()
    assert answer.status_code == 200
    for said in ("运输途中可能出现的问题", "没有判决，要求自行协商", "轮到你了", "还剩2天3小时", "这是样例"):
        assert said in text
    assert "data-poll" not in text
    assert "/cases/sample" not in text
