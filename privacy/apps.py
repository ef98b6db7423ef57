"""The privacy app: puts its cards on the owner's pages."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from customers import panels
        from privacy import cards, erasing
        from privacy import keeping as requests_kept
        from register import erasure, keeping
        from register.panels import ERASURE

        panels.TODAY.add(cards.waiting, order=10)
        panels.PERSON.add(cards.own_link, order=80)
        ERASURE.add(cards.requests_and_erasure)
        erasure.follow(erasing.answer_requests)
        keeping.together(requests_kept.with_their_log)
