"""Traces of a process: whether they are recorded, and a span for every call of a procedure."""

import importlib
from dataclasses import replace
from typing import Any

from manciple.kit import tracing
from manciple.kit.errors import Refused
from manciple.kit.telemetry import traced
from manciple.platform.rpc.procedure import Function, Kind, Procedure
from manciple.platform.rpc.router import Table
from manciple.services.settings_of_house import TracesSettings


def start_traces(settings: TracesSettings, *, service: str) -> None:
    """From now on spans of this process are sent where the settings say; nowhere by default.

    Raises:
        Refused: the extra `otel` is not installed.
    """
    if not settings.url:
        return
    try:
        otel = importlib.import_module("manciple.kit.otel")
    except ModuleNotFoundError as error:
        message = "traces.url needs OpenTelemetry: install manciple[otel], or leave it empty"
        raise Refused(message) from error
    tracing.record_with(otel.otlp_recorder(settings.url, service=service))


def traced_calls(table: Table) -> Table:
    """The same table; each call that answers once is a span below whatever its caller sent."""
    return table.changed(_traced)


def _traced(procedure: Procedure) -> Procedure:
    if procedure.kind is Kind.SUBSCRIPTION:
        return procedure
    inner: Any = procedure.call

    async def call(ctx: Any, *wanted: Any) -> Any:
        with traced("rpc.call", procedure=procedure.path):
            return await inner(ctx, *wanted)

    function: Function = call
    return replace(procedure, call=function)
