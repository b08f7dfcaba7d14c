# Written by `authweave moved stubs`.
from authweave.types.response import APIResponse as APIResponse
from authweave.types.response import GeneralErrorResponse as GeneralErrorResponse
from authweave.types.response import HasErr as HasErr
from authweave.types.response import HasReason as HasReason
from authweave.types.response import HasStatus as HasStatus
