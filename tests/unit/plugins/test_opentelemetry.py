"""Spans and counters, as the SDK of OpenTelemetry sees them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, NumberDataPoint
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from authweave import InputAppInfo, UserContext, init
from authweave.app import App
from authweave.errors import BadInputError
from authweave.plugins.opentelemetry import telemetry
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.security import PasswordHasher

EMAIL, PASSWORD = "ada@example.com", "correct horse 1"


@pytest.fixture
def spans() -> InMemorySpanExporter:
    """Return what takes the spans."""
    return InMemorySpanExporter()


@pytest.fixture
def metrics() -> InMemoryMetricReader:
    """Return what reads the counters."""
    return InMemoryMetricReader()


@pytest.fixture
def auth(spans: InMemorySpanExporter, metrics: InMemoryMetricReader) -> Iterator[App]:
    """Build an application with both."""
    tracers = TracerProvider()
    tracers.add_span_processor(SimpleSpanProcessor(spans))
    meters = MeterProvider([metrics])
    observed = telemetry(tracers, meters)
    app = init(
        InputAppInfo("T", "localhost", website_domain="localhost"),
        [emailpassword.init(), session.init()],
        storage="sqlite://",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        plugins=[observed.plugin],
        on_event=observed.on_event,
        default=False,
    )
    with closing(app):
        yield app
    tracers.shutdown()
    meters.shutdown()


def test_each_function_has_a_span_and_events_are_counted(
    auth: App, spans: InMemorySpanExporter, metrics: InMemoryMetricReader
) -> None:
    """A function that another calls is a child of its span; nothing secret or personal is in either."""
    functions = auth.recipe(EmailPasswordRecipe).functions
    auth.run_blocking(functions.sign_up(EMAIL, PASSWORD, "public", None, None, UserContext()))
    for password in (PASSWORD, "wrong", "wrong"):
        auth.run_blocking(functions.sign_in(EMAIL, password, "public", None, None, UserContext()))
    finished = spans.get_finished_spans()
    assert [span.name for span in finished[:6]] == [
        "authweave.create_new_recipe_user",
        "authweave.sign_up",
        "authweave.allow_attempt",
        "authweave.record_attempt",
        "authweave.verify_credentials",
        "authweave.sign_in",
    ]
    inner, outer = finished[4], finished[5]
    assert inner.parent is not None
    assert outer.context is not None
    assert inner.parent.span_id == outer.context.span_id
    data = metrics.get_metrics_data()
    assert data is not None
    (metric,) = data.resource_metrics[0].scope_metrics[0].metrics
    assert metric.name == "authweave.security_events"
    counted = {
        (str((point.attributes or {})["kind"]), str((point.attributes or {})["recipe"])): point.value
        for point in metric.data.data_points
        if isinstance(point, NumberDataPoint)
    }
    assert counted == {
        ("sign_up", "emailpassword"): 1,
        ("sign_in", "emailpassword"): 1,
        ("sign_in_failed", "emailpassword"): 2,
    }
    everything = "".join(span.to_json() for span in finished) + str(data)
    assert EMAIL not in everything
    assert PASSWORD not in everything


def test_an_exception_is_named_and_not_quoted(auth: App, spans: InMemorySpanExporter) -> None:
    """Its text may hold anything."""
    functions = auth.recipe(EmailPasswordRecipe).functions
    with pytest.raises(BadInputError):
        auth.run_blocking(functions.sign_in("nul\0", PASSWORD, "public", None, None, UserContext()))
    for span in spans.get_finished_spans():
        if span.name == "authweave.allow_attempt":  # which knows the account by a hash
            continue
        assert span.status.status_code is StatusCode.ERROR
        assert (span.attributes or {})["error.type"] == "BadInputError"
        assert (span.events, span.status.description) == ((), None)


def test_without_the_extra_the_module_says_what_to_install() -> None:
    """The package is not loaded by anything else."""
    program = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "import authweave, authweave.app, authweave.recipe.session\n"
        "import authweave.plugins.opentelemetry\n"
    )
    ran = subprocess.run(  # noqa: S603  a program of our own
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "authweave[opentelemetry]" in ran.stderr.replace("/path/to/the/clone", "authweave")
