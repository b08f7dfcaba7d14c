"""
Django: the application for ``INSTALLED_APPS``, with the system checks and ``manage.py authweave``.

The middleware is ``authweave.framework.django.django_middleware.middleware``. ``verify_session`` is in
``authweave.recipe.session.framework.django.syncio`` for ``def`` views, and in ``...django.asyncio`` for ``async def``.
"""

from authweave.recipe.session.framework.django import OptionalSessionRequest, SessionRequest

__all__ = ["OptionalSessionRequest", "SessionRequest"]
