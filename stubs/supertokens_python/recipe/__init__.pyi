# Written by `authweave moved stubs`.
from . import emailpassword as emailpassword
from . import emailverification as emailverification
from . import session as session
from . import thirdparty as thirdparty
from . import usermetadata as usermetadata
from . import userroles as userroles
