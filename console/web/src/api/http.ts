// One way to the service: with the key of this tab, and with answers as text, so that values stay as they are spelt.

import { currentKey, signOut } from "../session";
import { basePath } from "./basePath";
import { errorOf } from "./errors";

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Sent {
  readonly query?: Query | undefined;
  readonly body?: string | Blob | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Why: kept with the revision that the write makes. */
  readonly message?: string | undefined;
}

export interface Answer {
  readonly text: string;
  readonly headers: Headers;
  readonly status: number;
}

/** Also for openapi-fetch. A key that is no longer accepted ends the session. */
export async function authorized(request: Request): Promise<Response> {
  const key = currentKey();
  if (key) request.headers.set("Authorization", `Bearer ${key}`);
  const response = await fetch(request, { credentials: "omit" });
  if (response.status === 401 && key === currentKey()) signOut();
  return response;
}

/** A path of the API with its query, wherever the service is seen. */
export function withQuery(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  return text ? `${path}?${text}` : path;
}

export const urlOf = (path: string, query: Query = {}): string => basePath + withQuery(path, query);

/** The path of the API that a link of an answer leads to: behind a proxy its origin may be another than the page's. */
export const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url, location.origin);
  return (pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : pathname) + search;
};

export async function request(method: string, path: string, sent: Sent = {}): Promise<Answer> {
  const headers = new Headers(sent.headers);
  if (typeof sent.body === "string" && !headers.has("Content-Type")) headers.set("Content-Type", "application/json");
  if (sent.message) headers.set("Revision-Message", headerText(sent.message));
  const made = new Request(urlOf(path, sent.query), { method, headers, body: sent.body ?? null, signal: sent.signal ?? null });
  const response = await authorized(made);
  const text = await response.text();
  if (!response.ok) throw errorOf(response.status, text, response.headers);
  return { text, headers: response.headers, status: response.status };
}

/** Headers carry ASCII; other letters go in the form of RFC 8187. */
export function headerText(text: string): string {
  const plain = /^[\x20-\x7e]*$/.test(text);
  return plain ? text : `UTF-8''${encodeURIComponent(text).replace(/['()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}

export const revisionOf = (headers: Headers): number | null => {
  const value = headers.get("dataset-revision");
  return value === null ? null : Number(value);
};
