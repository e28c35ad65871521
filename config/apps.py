from django.apps import AppConfig


class SujiConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  # registers itself, and needs the settings to be there
