from django.urls import include, path

from accounts import views as people
from config import installing, views
from config.metrics import metrics

urlpatterns = [
    path("", views.home, name="home"),
    path("sample/", views.sample_case, name="sample_case"),
    path("privacy/", views.privacy, name="privacy"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("manifest/<str:language>.webmanifest", installing.manifest, name="manifest"),
    path("worker.js", installing.worker, name="worker"),
    path("offline/", installing.offline, name="offline"),
    path("i18n/setlang/", people.set_language, name="set_language"),
    path("accounts/", include("allauth.account.urls")),
    path("enter/<str:token>/", people.login_link, name="login_link"),
    path("start/", people.start, name="start"),
    path("addresses/", people.address_list, name="address_list"),
    path("addresses/change/", people.address_change, name="address_change"),
    path("mailboxes/remove/", people.mailbox_remove, name="mailbox_remove"),
    path("outgoing/<str:public_id>/", people.outgoing_detail, name="outgoing_detail"),
    path("demo/login/", views.demo_login, name="demo_login"),
    path("demo/send/", views.demo_send, name="demo_send"),
    path("", include("complaints.urls")),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
