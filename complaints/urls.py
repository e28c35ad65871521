from django.urls import path

from complaints.views import cases, exhibits, mails, reminders, staff, tray

app_name = "complaints"

urlpatterns = [
    path("cases/", cases.case_list, name="case_list"),
    path("cases/new/", cases.case_new, name="case_new"),
    path("cases/<str:public_id>/", cases.case_detail, name="case_detail"),
    path("cases/<str:public_id>/part/", cases.case_part, name="case_part"),
    path("cases/<str:public_id>/calendar.ics", reminders.case_calendar, name="case_calendar"),
    path("cases/<str:public_id>/remind/", reminders.case_remind, name="case_remind"),
    path("cases/<str:public_id>/record/", cases.case_record, name="case_record"),
    path("cases/<str:public_id>/events/<str:event_id>/confirm/", cases.event_confirm, name="event_confirm"),
    path("cases/<str:public_id>/events/<str:event_id>/correct/", cases.event_correct, name="event_correct"),
    path("cases/<str:public_id>/events/<str:event_id>/undo/", cases.event_undo, name="event_undo"),
    path("cases/<str:public_id>/exhibits/", exhibits.exhibit_add, name="exhibit_add"),
    path("cases/<str:public_id>/exhibits/part/", exhibits.exhibit_part, name="exhibit_part"),
    path("cases/<str:public_id>/exhibits/<str:exhibit_id>/", exhibits.exhibit_detail, name="exhibit_detail"),
    path(
        "cases/<str:public_id>/exhibits/<str:exhibit_id>/original", exhibits.exhibit_original, name="exhibit_original"
    ),
    path("cases/<str:public_id>/exhibits/<str:exhibit_id>/copy", exhibits.exhibit_copy, name="exhibit_copy"),
    path(
        "cases/<str:public_id>/exhibits/<str:exhibit_id>/thumbnail",
        exhibits.exhibit_thumbnail,
        name="exhibit_thumbnail",
    ),
    path("cases/<str:public_id>/exhibits/<str:exhibit_id>/edit/", exhibits.exhibit_edit, name="exhibit_edit"),
    path("cases/<str:public_id>/exhibits/<str:exhibit_id>/remove/", exhibits.exhibit_remove, name="exhibit_remove"),
    path("hand-in/", mails.hand_in, name="hand_in"),
    path("mails/", mails.mail_list, name="mail_list"),
    path("mails/part/", mails.mail_list_part, name="mail_list_part"),
    path("mails/<str:public_id>/", mails.mail_detail, name="mail_detail"),
    path("mails/<str:public_id>/raw", mails.mail_raw, name="mail_raw"),
    path("mails/<str:public_id>/decide/", mails.mail_decide, name="mail_decide"),
    path("mails/<str:public_id>/notices/<str:notice_id>/html", mails.notice_html, name="notice_html"),
    path("reminders/", reminders.reminder_settings, name="reminder_settings"),
    path("reminders/stop/<str:token>/", reminders.reminder_stop, name="reminder_stop"),
    path("calendar/<str:token>.ics", reminders.calendar_feed, name="calendar_feed"),
    path("tray/", tray.tray, name="tray"),
    path("tray/<str:public_id>/", tray.tray_item, name="tray_item"),
    path("tray/<str:public_id>/claim/", tray.tray_claim, name="tray_claim"),
    path("tray/<str:public_id>/release/", tray.tray_release, name="tray_release"),
    path("tray/<str:public_id>/decide/", tray.tray_decide, name="tray_decide"),
    path("tray/<str:public_id>/undo/", tray.tray_undo, name="tray_undo"),
    path("laboratory/", staff.laboratory, name="laboratory"),
    path("outgoing/", staff.outgoing_mail, name="outgoing_mail"),
]
