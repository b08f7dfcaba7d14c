# Written by `authweave moved stubs`.
from authweave.framework.request import BaseRequest as BaseRequest
