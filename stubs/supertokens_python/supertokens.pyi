# Written by `authweave moved stubs`.
from authweave import Supertokens as Supertokens
