# Written by `authweave moved stubs`.
from authweave.framework.django import OptionalSessionRequest as OptionalSessionRequest
from authweave.framework.django import SessionRequest as SessionRequest
from . import django_middleware as django_middleware
from . import django_request as django_request
