# Written by `authweave moved stubs`.
from authweave.exceptions import BadInputError as BadInputError
from authweave.exceptions import GeneralError as GeneralError
from authweave.exceptions import SuperTokensError as SuperTokensError
from authweave.exceptions import raise_bad_input_exception as raise_bad_input_exception
from authweave.exceptions import raise_general_exception as raise_general_exception
