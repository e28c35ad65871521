from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = _("投诉")

    def ready(self) -> None:
        from accounts.revoking import revoked
        from complaints import indexing, tombstones

        pre_migrate.connect(indexing.look_away, sender=self)
        post_migrate.connect(indexing.watch, sender=self)
        revoked.connect(tombstones.bury_revoked)
