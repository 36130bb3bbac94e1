"""The table as TypeScript: `AppRouter`, from which an unmodified `@trpc/client` infers all types.

A `.ts` file, not a `.d.ts`: with `skipLibCheck` a declaration file whose import does not resolve
silently turns the whole client into `any`. Types are aliases, because an interface has no index
signature and is no router record. `@trpc/server` from 11.4 on is needed, for its types only.
"""

import json
import re
from typing import Any

import msgspec
from msgspec import inspect as types

from manciple.platform.rpc.fields import (
    NAMED,
    UNKNOWN,
    Direction,
    Fielded,
    Named,
    Property,
    bare,
    doc,
    is_array,
    is_tracked,
    is_upload,
    limits,
    may_be_absent,
    note,
    parts,
    properties,
)
from manciple.platform.rpc.forms import ByteStream, Form
from manciple.platform.rpc.procedure import Kind, Procedure
from manciple.platform.rpc.router import Table
from manciple.platform.rpc.shapes import Shapes

_HEAD = """\
// Written by `manciple types`; do not edit. Needs the package @trpc/server (11.4 or newer) for
// its types alone: nothing of it ends up in a bundle.
import type {
  TRPC_ERROR_CODE_KEY,
  TRPCBuiltRouter,
  TRPCErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from "@trpc/server";

type Query<I, O> = TRPCQueryProcedure<{ input: I; output: O; meta: object }>;
type Mutation<I, O> = TRPCMutationProcedure<{ input: I; output: O; meta: object }>;
type Subscription<I, O> = TRPCSubscriptionProcedure<{
  input: I;
  output: AsyncIterable<O, void, any>;
  meta: object;
}>;

/** An item of a subscription that can be resumed after: pass its id as `lastEventId`. */
export type Tracked<T> = { id: string; data: T };

/** What is wrong with an input: as a whole, and by its top-level fields. */
export type InputProblems = {
  formErrors: string[];
  fieldErrors: { [field: string]: string[] | undefined };
};

/** What every error carries; `zodError` is null unless the input was refused. */
export type ErrorData = {
  code: TRPC_ERROR_CODE_KEY;
  httpStatus: number;
  path?: string;
  stack?: string;
  zodError: InputProblems | null;
};

export interface ErrorShape extends TRPCErrorShape<ErrorData> {}
"""

_FOOT = """\
export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  AppRouterRecord
>;
"""

_KIND = {Kind.QUERY: "Query", Kind.MUTATION: "Mutation", Kind.SUBSCRIPTION: "Subscription"}
_SIMPLE: dict[type[types.Type], str] = {
    types.NoneType: "null",
    types.BoolType: "boolean",
    types.IntType: "number",
    types.FloatType: "number",
    types.DecimalType: "number",
    types.AnyType: "unknown",
    types.RawType: "unknown",
    **dict.fromkeys(
        (
            *(types.StrType, types.BytesType, types.ByteArrayType, types.MemoryViewType),
            *(types.DateTimeType, types.DateType, types.TimeType, types.TimeDeltaType),
            types.UUIDType,
        ),
        "string",
    ),
}
# What the client's own link takes for a procedure that reads a form or raw bytes.
_UPLOADS = {Form: "FormData", ByteStream: "Blob | Uint8Array"}
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_JSON = msgspec.json.Encoder(decimal_format="number")


def typescript(table: Table) -> str:
    """The whole `.ts` file, the same from run to run for the same table."""
    writer = Writer(Shapes(table))
    declared = [writer.declare(*each) for each in writer.shapes.named()]
    return "\n".join((_HEAD, *declared, writer.record(table), _FOOT))


class Writer:
    """Writes shapes as types; everything named is referred to by its name."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes

    def record(self, table: Table) -> str:
        """Every router with its procedures, by name."""
        routers: dict[str, list[str]] = {}
        for path in sorted(table):
            router, _, name = path.rpartition(".")
            routers.setdefault(router, []).append(self._procedure(name, table[path]))
        lines = [f"  {router}: {{\n{''.join(each)}  }};\n" for router, each in routers.items()]
        return f"export type AppRouterRecord = {{\n{''.join(lines)}}};\n"

    def declare(self, name: str, shape: Named, direction: Direction) -> str:
        """One exported type alias with its documentation."""
        if isinstance(shape, types.EnumType):
            body = _literals([member.value for member in shape.cls])
        elif is_array(shape):
            body = self._array(shape, direction)
        else:
            body = self._object(shape, direction)
        return f"{_comment(doc(shape), '')}export type {name} = {body};\n"

    def type(self, shape: types.Type, direction: Direction) -> str:
        """A type expression; unions come without parentheses."""
        whole = bare(shape)
        if is_tracked(whole):
            _, data = parts(whole)
            return f"Tracked<{self.type(data, direction)}>"
        if isinstance(whole, types.CustomType | types.DataclassType) and is_upload(whole):
            return _UPLOADS[whole.cls]
        if isinstance(whole, NAMED):
            return self.shapes.name(whole, direction)
        if isinstance(whole, types.DictType):
            return self._map(whole, direction)
        inner = [self.type(part, direction) for part in parts(whole)]
        return _composed(whole, inner) if inner else _simple(whole)

    def takes(self, procedure: Procedure) -> str:
        """The input, with `void` where a call may come without any."""
        takes = self.shapes.inputs[procedure.path]
        if takes is None:
            return "void"
        return self.type(takes, Direction.INPUT) + (" | void" if may_be_absent(takes) else "")

    def gives(self, procedure: Procedure) -> str:
        """The output. Nothing is `undefined` in the client, which would turn `void` to `never`."""
        gives = self.shapes.outputs[procedure.path]
        if isinstance(gives, types.NoneType) and procedure.kind is not Kind.SUBSCRIPTION:
            return "undefined"
        return self.type(gives, Direction.OUTPUT)

    def _procedure(self, name: str, procedure: Procedure) -> str:
        text = _comment(f"{procedure.doc}\n\nNeeds the grant `{procedure.needs}`.", "    ")
        types_of = f"{self.takes(procedure)}, {self.gives(procedure)}"
        return f"{text}    {name}: {_KIND[procedure.kind]}<{types_of}>;\n"

    def _object(self, shape: Fielded, direction: Direction) -> str:
        fields = properties(shape, direction)
        written = "".join(self._field(field, direction) for field in fields)
        return f"{{\n{written}}}" if written else "{}"

    def _field(self, field: Property, direction: Direction) -> str:
        is_input = direction is Direction.INPUT
        is_unknown = isinstance(bare(field.type), UNKNOWN)
        # The client takes an unknown for one that may be missing, and so must its type.
        mark = "?" if field.is_optional or (is_unknown and not is_input) else ""
        # Clients do not send what is `undefined`, so that saying it is as good as leaving it out.
        absent = " | undefined" if is_input and mark and not is_unknown else ""
        text = _comment("\n".join((note(field.type), *_tags(field))).strip(), "  ")
        return f"{text}  {_key(field.name)}{mark}: {self.type(field.type, direction)}{absent};\n"

    def _array(self, shape: Fielded, direction: Direction) -> str:
        items = [
            f"{field.name}{'?' if field.is_optional else ''}: {self.type(field.type, direction)}"
            for field in properties(shape, direction)
        ]
        return f"[{', '.join(items)}]"

    def _map(self, shape: types.DictType, direction: Direction) -> str:
        key, value = (self.type(part, direction) for part in parts(shape))
        if isinstance(bare(shape.key_type), types.EnumType | types.LiteralType):
            return f"Partial<Record<{key}, {value}>>"
        return f"Record<string, {value}>"  # whatever the key is here, JSON has only strings


def _composed(shape: types.Type, inner: list[str]) -> str:
    if isinstance(shape, types.UnionType):
        return " | ".join(dict.fromkeys(inner))
    if isinstance(shape, types.TupleType):
        return f"[{', '.join(inner)}]"
    return f"{_grouped(inner[0])}[]"


def _simple(shape: types.Type) -> str:
    if isinstance(shape, types.LiteralType):
        return _literals(shape.values)
    if isinstance(shape, types.TupleType):
        return "[]"
    return _SIMPLE[type(shape)]


def _literals(values: Any) -> str:
    return " | ".join(json.dumps(value, ensure_ascii=False) for value in values)


def _grouped(written: str) -> str:
    return f"({written})" if " | " in written else written


def _key(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else json.dumps(name)


def _tags(field: Property) -> list[str]:
    tags = [f"@{name} {value}" for name, value in limits(field.type).items()]
    if field.default is not msgspec.NODEFAULT:
        tags.append(f"@default {_JSON.encode(field.default).decode()}")
    return tags


def _comment(text: str, indent: str) -> str:
    """A JSDoc block, or nothing for no text; the text cannot end the block."""
    if not text:
        return ""
    lines = text.replace("*/", "*\\/").splitlines()
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */\n"
    inner = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{inner}{indent} */\n"
