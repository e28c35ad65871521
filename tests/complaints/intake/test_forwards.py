import pytest

from complaints.intake.dates import SHANGHAI
from complaints.intake.decode import decode
from complaints.intake.shapes import How
from complaints.intake.unwrap import unwrap
from tests.mails.forwards import FORMS, NOTICES, VARIANTS


def check(form, notices):
    for told in notices:
        (notice,) = unwrap(decode(form.mail(told)))
        assert notice.how is How.INLINE
        if "name" in form.has:
            assert notice.from_name == told.name
        assert notice.from_address == (told.address if "address" in form.has else "")
        assert notice.subject == told.subject
        if "date" in form.has:
            assert notice.date.astimezone(SHANGHAI).isoformat()[:16] == "2026-11-08T18:30"
        else:
            assert notice.date is None
        assert (notice.note, notice.body) == (form.note.split("\n")[0], told.body)


@pytest.mark.parametrize("name", FORMS)
def test_a_forward_comes_back_as_the_notice_it_was(name):
    check(FORMS[name], NOTICES)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_forward_written_a_little_otherwise_does_too(name):
    check(VARIANTS[name], NOTICES[:2])
