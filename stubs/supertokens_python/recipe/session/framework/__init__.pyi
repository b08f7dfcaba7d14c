# Written by `authweave moved stubs`.
from . import django as django
from . import fastapi as fastapi
from . import flask as flask
