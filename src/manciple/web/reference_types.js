// Schemas of openapi.json, as elements that one can read and unfold.

/** An element; text among the children stays text, so nothing in a document can become markup. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== ""));
  return element;
}

/** Paragraphs of a docstring, with `code` set as code. */
export function prose(text) {
  const paragraphs = (text ?? "").split(/\n{2,}/).filter(Boolean);
  return make("div", { class: "prose" }, paragraphs.map((each) => make("p", {}, inline(each))));
}

export function inline(text) {
  // A docstring's lines are broken for editors; only an indented line is meant to stand alone.
  return text.replace(/\n(?!\s)/g, " ").split(/`([^`]+)`/).map((part, index) => (index % 2 ? make("code", {}, part) : part));
}

const LIMITS = [
  ["minimum", "from"],
  ["exclusiveMinimum", "over"],
  ["maximum", "up to"],
  ["exclusiveMaximum", "under"],
  ["minLength", "at least characters:"],
  ["maxLength", "at most characters:"],
  ["minItems", "at least items:"],
  ["maxItems", "at most items:"],
  ["pattern", "like"],
];

export class Reference {
  constructor(document) {
    this.document = document;
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
    );
  }

  routers() {
    const found = new Map();
    for (const operation of this.operations) {
      const [router] = operation.tags;
      found.set(router, [...(found.get(router) ?? []), operation]);
    }
    return [...found];
  }

  resolved(schema) {
    return schema?.$ref ? this.document.components.schemas[schema.$ref.split("/").pop()] : schema;
  }

  /** A schema as one reads a type: `string | null`, `Item[]`, `"a" | "b"`. */
  type(schema) {
    if (schema.$ref) return schema.$ref.split("/").pop();
    if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
    const members = schema.anyOf ?? schema.oneOf;
    if (members) return members.map((member) => this.type(member)).join(" | ");
    if (schema.prefixItems) return `[${schema.prefixItems.map((each) => this.type(each)).join(", ")}]`;
    const types = [schema.type ?? "anything"].flat();
    return types.map((type) => this.simple(type, schema)).join(" | ");
  }

  simple(type, schema) {
    if (type === "array") {
      const item = this.type(schema.items ?? {});
      return item.includes(" | ") ? `(${item})[]` : `${item}[]`;
    }
    if (type === "object" && schema.additionalProperties) {
      return `{ [key]: ${this.type(schema.additionalProperties)} }`;
    }
    return schema.format ? `${type} (${schema.format})` : type;
  }

  /** The named schemas that a type consists of, through lists, maps and unions. */
  names(schema) {
    if (!schema) return [];
    if (schema.$ref) return [schema.$ref];
    const inner = [schema.anyOf, schema.oneOf, schema.prefixItems, schema.items, schema.additionalProperties];
    return [...new Set(inner.flat().filter((each) => each instanceof Object).flatMap((each) => this.names(each)))];
  }

  /** What is inside a type: its fields, or what its named parts are. */
  inside(schema) {
    const whole = this.resolved(schema);
    if (whole.properties) return this.fields(whole);
    return make("div", {}, whole === schema ? [] : make("p", { class: "type" }, this.type(whole)), this.details(whole));
  }

  fields(schema) {
    const required = new Set(schema.required ?? []);
    const rows = Object.entries(schema.properties).map(([name, field]) =>
      make(
        "li",
        {},
        make("code", { class: "name" }, name),
        " ",
        make("span", { class: "type" }, this.type(field)),
        make("span", { class: "mark" }, this.marks(field, required.has(name))),
        field.description ? make("p", { class: "note" }, inline(field.description)) : null,
        this.details(field),
      ),
    );
    return make("ul", { class: "fields" }, rows);
  }

  marks(field, isRequired) {
    const marks = isRequired ? [] : ["optional"];
    if (field.default !== undefined && field.default !== null) marks.push(`default ${JSON.stringify(field.default)}`);
    for (const [name, words] of LIMITS) if (field[name] !== undefined) marks.push(`${words} ${field[name]}`);
    return marks.join(" · ");
  }

  /** Named types to unfold; their insides are written when opened, so recursion has no end to reach. */
  details(schema) {
    return this.names(schema).map((reference) => {
      const named = this.resolved({ $ref: reference });
      const box = make("details", { class: "shape" }, make("summary", {}, reference.split("/").pop()));
      const fill = () => box.append(named.description ? make("p", { class: "note" }, inline(named.description)) : "", this.inside({ $ref: reference }));
      box.addEventListener("toggle", fill, { once: true });
      return box;
    });
  }

  /** An input with everything that is required, to begin from. */
  sample(schema, depth = 0) {
    const whole = this.resolved(schema) ?? {};
    if (whole.default !== undefined) return whole.default;
    if (whole.enum) return whole.enum[0];
    const members = whole.anyOf ?? whole.oneOf;
    if (members) return this.sample(members[0], depth);
    const [type] = [whole.type].flat();
    if (type === "object") {
      const names = depth > 4 ? [] : (whole.required ?? []);
      return Object.fromEntries(names.map((name) => [name, this.sample(whole.properties[name], depth + 1)]));
    }
    if (type === "array") {
      if (whole.prefixItems) return whole.prefixItems.map((each) => this.sample(each, depth + 1));
      return depth > 4 || !whole.items ? [] : [this.sample(whole.items, depth + 1)];
    }
    return { string: "", integer: whole.minimum ?? 1, number: whole.minimum ?? 1, boolean: true }[type] ?? null;
  }
}

export function inputOf(operation) {
  const parameter = operation.parameters?.find((each) => each.name === "input");
  const content = parameter?.content ?? operation.requestBody?.content;
  if (!content) return null;
  const [mediaType, media] = Object.entries(content)[0];
  return { mediaType, schema: media.schema ?? {}, isRequired: (parameter ?? operation.requestBody).required };
}

export function outputOf(operation) {
  const content = operation.responses["200"].content;
  if (content["text/event-stream"]) return content["text/event-stream"]["x-item"];
  return content["application/json"].schema.properties.result.properties?.data ?? null;
}
