// Typed calls for what is not an item: names, counts, revisions, keys.

import createClient from "openapi-fetch";
import { basePath } from "./basePath";
import { errorOf } from "./errors";
import { authorized } from "./http";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Dataset = Schemas["Dataset"];
export type User = Schemas["UserBasic"];

export const api = createClient<paths>({ baseUrl: basePath, fetch: authorized });

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer's body, or an APIError. */
export async function read<T>(call: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw errorOf(response.status, JSON.stringify(error ?? null), response.headers);
  return data as T;
}
