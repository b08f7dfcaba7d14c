"""
OpenTelemetry: a span for each function of each recipe, and a counter of security events.

It needs the extra ``opentelemetry``, which is the API alone: the application chooses the SDK and where data goes.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final, ParamSpec, TypeVar

import attrs

from authweave.events import OnEvent, SecurityEvent
from authweave.kernel import Plugin, UserContext, wrap_all
from authweave.types import missing_extra

try:
    from opentelemetry.metrics import MeterProvider, get_meter
    from opentelemetry.trace import StatusCode, TracerProvider, get_tracer
except ImportError as _error:
    raise missing_extra("authweave.plugins.opentelemetry", "opentelemetry", _error) from _error

P = ParamSpec("P")
R = TypeVar("R")

NAME: Final = "authweave"


@attrs.frozen
class Telemetry:
    """
    What `telemetry` returns.

    Attributes:
        plugin: for ``init(plugins=[...])``: a span for each call of a function.
        on_event: for ``init(on_event=...)``: counts security events.
    """

    plugin: Plugin[UserContext]
    on_event: OnEvent


def telemetry(tracer_provider: TracerProvider | None = None, meter_provider: MeterProvider | None = None) -> Telemetry:
    """
    Make spans and counters.

    A span is named by the function (``authweave.sign_in``). Of an exception it has the type, as ``error.type``, and not
    the message. The counter is ``authweave.security_events``, with the attributes ``kind`` and ``recipe``: there are
    neither users nor addresses, so there are few time series, and nothing personal in them.

    Args:
        tracer_provider: makes the tracer; the global one by default.
        meter_provider: makes the meter; the global one by default.
    """
    tracer = get_tracer(NAME, tracer_provider=tracer_provider)
    counter = get_meter(NAME, meter_provider=meter_provider).create_counter(
        f"{NAME}.security_events", unit="{event}", description="Security events, by kind and recipe."
    )

    # Any: nobody sends to a coroutine.
    def traced(function: str, original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
        name = f"{NAME}.{function}"

        async def trace(*args: P.args, **kwargs: P.kwargs) -> R:
            with tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as span:
                try:
                    return await original(*args, **kwargs)
                except Exception as error:
                    span.set_attribute("error.type", type(error).__qualname__)
                    span.set_status(StatusCode.ERROR)
                    raise

        return trace

    def count(event: SecurityEvent) -> None:
        counter.add(1, {"kind": event.kind, "recipe": event.recipe_id})

    return Telemetry(Plugin("opentelemetry", [wrap_all(traced, name="trace")]), count)
