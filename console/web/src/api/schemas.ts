// The JSON Schemas of a dataset, as text: their numbers and keys stay as they were put.

import { queryOptions } from "@tanstack/react-query";
import { JSON_FIELDS, partsOf, type JSONField } from "../items/item";
import { prettyOf } from "../json/format";
import { kindOf, rawOf, sliceOf } from "../json/slice";
import type { User } from "./client";
import { datasetPath } from "./datasets";
import type { APIError } from "./errors";
import { request } from "./http";

/** One text for each field; empty where any value fits. */
export type SchemaTexts = Readonly<Record<JSONField, string>>;
export type Enforce = "all" | "new";

export interface SchemaSet {
  readonly texts: SchemaTexts;
  readonly enforce: Enforce;
  readonly version: number;
  readonly createdAt: string | null;
  readonly createdBy: User | null;
  readonly etag: string;
}

export interface Violation {
  readonly id: string;
  readonly attr: string;
  readonly detail: string;
}

function schemaSetOf(text: string, etag: string): SchemaSet {
  const parts = partsOf(sliceOf(text));
  const textOf = (field: JSONField): string => {
    const part = parts.get(field);
    return part && kindOf(part) !== "null" ? prettyOf(part) : "";
  };
  const more = JSON.parse(`{${["enforce", "version", "created_at", "created_by"].map((name) => `"${name}":${rawOf(parts.get(name) ?? sliceOf("null"))}`).join()}}`) as { enforce: Enforce; version: number; created_at: string | null; created_by: User | null };
  return { texts: { input: textOf("input"), output: textOf("output"), metadata: textOf("metadata") }, enforce: more.enforce, version: more.version, createdAt: more.created_at, createdBy: more.created_by, etag };
}

const path = (project: string, dataset: string): string => `${datasetPath(project, dataset)}/schemas/`;

export const schemas = (project: string, dataset: string) =>
  queryOptions({
    queryKey: ["schemas", project, dataset],
    queryFn: async ({ signal }) => {
      const { text, headers } = await request("GET", path(project, dataset), { signal });
      return schemaSetOf(text, headers.get("etag") ?? "");
    },
  });

export async function putSchemas(project: string, dataset: string, texts: SchemaTexts, sent: { enforce: Enforce; etag: string; dryRun: boolean }): Promise<SchemaSet> {
  const members = JSON_FIELDS.map((field) => `"${field}":${texts[field].trim() || "null"}`);
  const { text, headers } = await request("PUT", path(project, dataset), {
    query: sent.dryRun ? { dry_run: true } : {},
    body: `{${members.join()},"enforce":"${sent.enforce}"}`,
    headers: { "If-Match": sent.etag },
  });
  return schemaSetOf(text, headers.get("etag") ?? "");
}

export const violationsOf = ({ envelope }: APIError): readonly Violation[] => (Array.isArray(envelope["violations"]) ? (envelope["violations"] as Violation[]) : []);
