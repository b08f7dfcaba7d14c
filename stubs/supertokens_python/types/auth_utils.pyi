# Written by `authweave moved stubs`.
from authweave.types.auth_utils import LinkingToSessionUserFailedError as LinkingToSessionUserFailedError
