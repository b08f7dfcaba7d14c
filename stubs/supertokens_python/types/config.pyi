# Written by `authweave moved stubs`.
from authweave.types.config import InterfaceOverride as InterfaceOverride
