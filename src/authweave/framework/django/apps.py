"""Django's application: it has no models."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register
from typing_extensions import override

from .checks import check_deployment, check_settings


class AuthweaveConfig(AppConfig):
    """Registers the system checks."""

    name = "authweave.framework.django"
    label = "authweave"

    @override
    def ready(self) -> None:
        """Register the checks."""
        register(check_settings, Tags.security)
        register(check_deployment, Tags.security, deploy=True)
