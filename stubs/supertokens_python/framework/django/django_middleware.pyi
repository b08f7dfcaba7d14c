# Written by `authweave moved stubs`.
from authweave.framework.django.django_middleware import GetResponse as GetResponse
from authweave.framework.django.django_middleware import Middleware as Middleware
from authweave.framework.django.django_middleware import answer_error as answer_error
from authweave.framework.django.django_middleware import middleware as middleware
