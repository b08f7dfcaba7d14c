"""Devices that make one-time passwords, in a line."""

from __future__ import annotations

import base64
from typing import Final, cast

import attrs

from authweave.recipe.totp.config import PERIOD_S, SKEW, period_fault, skew_fault
from authweave.recipe.totp.store.records import MAX_DEVICES

from ._fields import Line, check_fields, object_of, optional, required, text_of, time_of, whole_of
from ._user import LineFaultError, MovedDevice

MIN_SECRET_BYTES: Final = 14
"""112 bits, as NIST SP 800-63B-4 asks (section 3.1.4.1); what others make has 160 mostly."""
MAX_SECRET_BYTES: Final = 64

DEVICE_FIELDS: Final = frozenset(each.name for each in attrs.fields(MovedDevice))


def devices_of(value: object, now_ms: int) -> tuple[MovedDevice, ...]:
    """Return the devices of a user that make one-time passwords."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(cast("list[object]", value)) > MAX_DEVICES:  # checked one by one below
        raise LineFaultError(f"'totp_devices' has to be a list of at most {MAX_DEVICES} objects")
    items = cast("list[object]", value)  # nothing is known of what is in it
    devices = tuple(device_of(each, f"totp_devices[{number}]: ", now_ms) for number, each in enumerate(items))
    if len({each.name for each in devices}) < len(devices):
        raise LineFaultError("two of its TOTP devices have one name")
    return devices


def device_of(value: object, where: str, now_ms: int) -> MovedDevice:
    """Return one of them."""
    line = object_of(value, f"{where}it is no JSON object")
    check_fields(line, DEVICE_FIELDS, where)
    secret = required(line, "secret", text_of).upper().rstrip("=")
    if not MIN_SECRET_BYTES <= len(bytes_of(secret)) <= MAX_SECRET_BYTES:
        raise LineFaultError(f"{where}'secret' has to be {MIN_SECRET_BYTES} to {MAX_SECRET_BYTES} bytes in base32")
    period_s, skew = (whole_of(line, name, usual) for name, usual in (("period_s", PERIOD_S), ("skew", SKEW)))
    if fault := period_fault(period_s):
        raise LineFaultError(f"{where}'period_s' {fault}")
    if fault := skew_fault(skew):
        raise LineFaultError(f"{where}'skew' {fault}")
    created_at_ms = optional(line, "created_at_ms", time_of)
    return MovedDevice(
        name=required(line, "name", text_of),
        secret=secret,
        period_s=period_s,
        skew=skew,
        created_at_ms=now_ms if created_at_ms is None else created_at_ms,
    )


def device_line(device: MovedDevice) -> Line:
    """Return a device as it stands in a line, where the fields are named as its attributes."""
    return attrs.asdict(device)


def bytes_of(secret: str) -> bytes:
    """Return a secret as the device has it; nothing where it is not in base32 (RFC 4648)."""
    try:
        return base64.b32decode(secret + "=" * (-len(secret) % 8))
    except ValueError:
        return b""
