import os

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "for this machine alone")
DEBUG = True
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["authweave.framework.django"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "authweave.framework.django.django_middleware.middleware",
    "django.middleware.common.CommonMiddleware",
]
AUTHWEAVE_APP = "shop.auth:auth"
