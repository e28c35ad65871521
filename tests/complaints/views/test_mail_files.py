import io

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from complaints.intake import line
from complaints.models import Notice
from complaints.models.mail import Outcome
from evidence.models import Exhibit
from tests import make
from tests.complaints.intake.test_cutting import PHOTO, a_mail
from tests.evidence import files

pytestmark = pytest.mark.django_db


def a_filed_mail(*parts, outcome=Outcome.FILED):
    """A mail of these files, filed to a case; the mail and the case."""
    case = make.a_case()
    usual = ((files.jpeg_with_place(), "image/jpeg", "吊牌.jpg"), (PHOTO, "image/jpeg", "b.jpg"))
    raw = bytes(a_mail(*(parts or usual)))
    mail = make.a_mail(case.owner, raw=raw, outcome=outcome)
    make.a_notice(mail, case=case)
    return mail, case


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(mail) -> str:
    return reverse("complaints:mail_files", args=[mail.public_id])


def test_a_mail_that_was_read_remembers_the_names_of_what_came_with_it_and_its_page_leads_there():
    raw = bytes(a_mail((PHOTO, "image/jpeg", "吊牌.jpg"), (files.HTML, "text/html", "page.html")))
    mail = make.a_mail(make.a_user(), raw=raw)
    line.run(mail.pk)
    assert Notice.objects.get(mail=mail).reading["files"] == ["吊牌.jpg"]
    page = signed_in(mail.owner).get(reverse("complaints:mail_detail", args=[mail.public_id])).content.decode()
    assert at(mail) in page


def test_the_page_of_a_cases_exhibits_leads_to_the_mails_with_files():
    mail, case = a_filed_mail()
    bare = make.a_notice(make.a_mail(case.owner, outcome=Outcome.FILED), case=case)
    Notice.objects.exclude(pk=bare.pk).update(reading=make.a_reading() | {"files": ["a.jpg"]})
    Notice.objects.filter(pk=bare.pk).update(reading=make.a_reading() | {"files": []})
    old = make.a_notice(make.a_mail(case.owner, outcome=Outcome.FILED), case=case)
    assert "files" not in old.reading
    page = signed_in(case.owner).get(reverse("complaints:exhibit_list", args=[case.public_id])).content.decode()
    assert page.count("/files/") == 1
    assert at(mail) in page


def test_what_came_with_a_mail_is_offered_and_not_forced():
    mail, case = a_filed_mail()
    page = signed_in(mail.owner).get(at(mail)).content.decode()
    assert "吊牌.jpg" in page
    assert page.count('type="checkbox"') == 2
    assert " checked" not in page
    assert not case.case_exhibits.exists()


def test_what_is_chosen_goes_the_way_of_every_upload():
    mail, case = a_filed_mail()
    client = signed_in(mail.owner)
    answer = client.post(at(mail), {"place": ["0"], "case": case.public_id})
    assert answer.url == reverse("complaints:exhibit_list", args=[case.public_id])
    shown = case.case_exhibits.get()
    assert (shown.exhibit.name, shown.exhibit.copy, shown.kind) == ("吊牌.jpg", "waiting", "photo")
    assert shown.exhibit.facts["device"] == "TellingMaker Phone 7"
    again = client.get(at(mail)).content.decode()
    assert again.count('type="checkbox"') == 1
    assert "已在案件的证据里" in again
    client.post(at(mail), {"place": ["0", "1", "99"], "case": case.public_id})
    assert Exhibit.objects.count() == 2


def test_a_file_that_is_none_is_refused_with_its_reason_beside_it():
    broken = files.jpeg(900, 700, quality=95)[:9000]
    mail, case = a_filed_mail((broken, "image/jpeg", "cut.jpg"), (PHOTO, "image/jpeg", "good.jpg"))
    answer = signed_in(mail.owner).post(at(mail), {"place": ["0", "1"], "case": case.public_id})
    assert answer.status_code == 422
    assert "打不开" in answer.content.decode()
    assert case.case_exhibits.get().exhibit.name == "good.jpg"


@pytest.mark.parametrize("said", [{}, {"place": "0"}, {"case": "x", "place": "0"}, {"place": ["x", "²", "-1"]}])
def test_nothing_chosen_or_no_case_of_theirs_changes_nothing(said):
    mail, case = a_filed_mail()
    answer = signed_in(mail.owner).post(at(mail), {"case": case.public_id} | said if "place" not in said else said)
    assert answer.status_code == 422
    assert not Exhibit.objects.exists()


def test_a_picture_of_a_mail_is_shown_as_pixels_alone():
    mail, _case = a_filed_mail()
    client = signed_in(mail.owner)
    answer = client.get(reverse("complaints:mail_file", args=[mail.public_id, 0]))
    assert answer["Content-Type"] == "image/webp"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert not dict(Image.open(io.BytesIO(answer.content)).getexif())
    assert client.get(reverse("complaints:mail_file", args=[mail.public_id, 2])).status_code == 404


@pytest.mark.parametrize("who", ["other@example.com", "lin@example.com"])
def test_nobody_else_sees_what_came_with_a_mail(who):
    mail, _case = a_filed_mail()
    make.a_claim(mail, make.a_volunteer("lin@example.com"))
    client = signed_in(make.a_user(who))
    assert client.get(at(mail)).status_code == 404
    assert client.get(reverse("complaints:mail_file", args=[mail.public_id, 0])).status_code == 404


def test_of_a_held_mail_nothing_is_shown():
    mail, _case = a_filed_mail(outcome=Outcome.HELD)
    assert signed_in(mail.owner).get(at(mail)).status_code == 404


def test_a_mail_of_no_case_says_that_it_has_to_be_filed_first():
    mail, _case = a_filed_mail()
    mail.notices.update(case=None)
    assert "还没有归入案件" in signed_in(mail.owner).get(at(mail)).content.decode()
