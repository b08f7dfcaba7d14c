"""QR codes, for pages that the server renders."""

from __future__ import annotations

from authweave.types import BadInputError


def qr_code_svg(content: str, *, scale: int = 4) -> str:
    """
    Draw a QR code, to be put into a page as it is: an ``<svg>`` element, which needs no script and no image.

    It holds the secret of a device. A page with it is not to be kept (``Cache-Control: no-store``).

    Args:
        content: what it says: `CreateDeviceOkResult.qr_code_string`.
        scale: how many pixels wide a module is, the smallest square of the code.

    Raises:
        authweave.types.BadInputError: it is too long for a QR code.
    """
    import segno  # noqa: PLC0415  frontends draw their own

    try:
        code = segno.make_qr(content, error="m")
    except segno.DataOverflowError:
        raise BadInputError("The text is too long for a QR code: shorten the name of the issuer.") from None
    return code.svg_inline(scale=scale, light="#fff")  # also on a dark page
