# Written by `authweave moved stubs`.
from authweave.framework.django.django_request import DjangoRequest as DjangoRequest
