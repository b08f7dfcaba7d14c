# Written by `authweave moved stubs`.
from . import emaildelivery as emaildelivery
from . import smsdelivery as smsdelivery
