// A schema to begin with, from what the service has counted in the items.

import type { FieldStats } from "../api/datasets";

const MOST_KEYS = 50;

export function draftedSchema({ types, keys }: FieldStats, live: number): string {
  const kinds = typesOf(types);
  const schema: Record<string, unknown> = { type: kinds.length === 1 ? kinds[0] : kinds };
  // Null where the field is absent, as the service checks it.
  const present = Object.values(types).reduce((sum, each) => sum + each, 0);
  if (present < live && !kinds.includes("null")) schema["type"] = [...kinds, "null"];
  if (types["object"] && keys.length) {
    const shown = keys.slice(0, MOST_KEYS);
    schema["properties"] = Object.fromEntries(shown.map((each) => [each.key, { type: oneOrMany(typesOf(each.types)) }]));
    const required = shown.filter((each) => each.count === types["object"]).map((each) => each.key);
    if (required.length) schema["required"] = required;
  }
  return JSON.stringify(schema, null, 2);
}

const typesOf = (types: Readonly<Record<string, number>>): string[] => Object.keys(types).sort();
const oneOrMany = (kinds: string[]): string | string[] => (kinds.length === 1 ? (kinds[0] as string) : kinds);
