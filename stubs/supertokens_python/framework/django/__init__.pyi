# Written by `authweave moved stubs`.
from authweave.framework.django import OptionalSessionRequest as OptionalSessionRequest
from authweave.framework.django import SessionRequest as SessionRequest
