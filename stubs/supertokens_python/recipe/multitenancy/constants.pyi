# Written by `authweave moved stubs`.
from authweave.types import DEFAULT_TENANT_ID as DEFAULT_TENANT_ID
