from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("人")

    def ready(self) -> None:
        from accounts import adapter  # noqa: F401  # its receivers hear that an e-mail was proven
