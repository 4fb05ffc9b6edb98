// Reads and writes of items, whose values stay text.

import { queryOptions } from "@tanstack/react-query";
import { itemOf, pageOf, type Item } from "../items/item";
import { sliceOf } from "../json/slice";
import { pathOf, request, revisionOf, type Query } from "./http";

export const BLOCK = 100;

export const itemsPath = (project: string): string => `/api/projects/${encodeURIComponent(project)}/dataset_items`;

export interface Block {
  readonly items: Item[];
  readonly count: number;
  readonly next: string | null;
  readonly revision: number | null;
}

async function readBlock(path: string, query: Query, signal: AbortSignal): Promise<Block> {
  const { text, headers } = await request("GET", path, { query, signal });
  const { count, next, results } = pageOf(text, itemOf);
  return { items: results, count, next: next && pathOf(next), revision: revisionOf(headers) };
}

export const readFirst = (project: string, query: Query, signal: AbortSignal): Promise<Block> =>
  readBlock(`${itemsPath(project)}/`, { ...query, limit: BLOCK, cursor: "", strict: true }, signal);

export const readNext = (link: string, signal: AbortSignal): Promise<Block> => readBlock(link, {}, signal);

/** A place far from what is loaded. From the farther half it is counted from the end, which costs as much as the nearer. */
export async function readFar(project: string, query: Query, offset: number, count: number, signal: AbortSignal): Promise<Block> {
  const path = `${itemsPath(project)}/`;
  if (offset <= count / 2) return readBlock(path, { ...query, limit: BLOCK, offset, strict: true }, signal);
  const size = Math.min(BLOCK, count - offset);
  const order = reversed(String(query["order_by"] ?? "-created_at"));
  const block = await readBlock(path, { ...query, order_by: order, limit: size, offset: count - offset - size, strict: true }, signal);
  return { ...block, items: block.items.toReversed(), next: null };
}

const reversed = (order: string): string => (order.startsWith("-") ? order.slice(1) : `-${order}`);

/** How many live items a dataset has, whatever is looked for in it. */
export const itemsTotal = (project: string, dataset: string, revision: number | null) =>
  queryOptions({
    queryKey: ["total", project, dataset, revision],
    queryFn: async ({ signal }) => {
      const { text } = await request("GET", `${itemsPath(project)}/`, { query: { dataset, limit: 1, fields: "id" }, signal });
      return pageOf(text, () => null).count;
    },
    staleTime: Infinity,
  });

export interface VersionedItem {
  readonly item: Item;
  readonly version: number;
  readonly etag: string;
  /** That of its dataset: on the answer of a write, the one that it made. */
  readonly revision: number | null;
}

function versioned(text: string, headers: Headers): VersionedItem {
  const etag = headers.get("etag") ?? "";
  return { item: itemOf(sliceOf(text)), version: Number(/\d+/.exec(etag)?.[0] ?? 0), etag, revision: revisionOf(headers) };
}

export const itemQuery = (project: string, id: string, past: Query = {}) =>
  queryOptions({
    queryKey: ["item", project, id, past],
    queryFn: async ({ signal }) => {
      const { text, headers } = await request("GET", `${itemsPath(project)}/${id}/`, { query: past, signal });
      return versioned(text, headers);
    },
    staleTime: 5_000,
  });

export async function readItem(project: string, id: string): Promise<VersionedItem> {
  const { text, headers } = await request("GET", `${itemsPath(project)}/${id}/`);
  return versioned(text, headers);
}

export async function patchItem(project: string, id: string, body: string, etag: string, message?: string): Promise<VersionedItem> {
  const sent = { body, message, headers: etag ? { "If-Match": etag } : {} };
  const { text, headers } = await request("PATCH", `${itemsPath(project)}/${id}/`, sent);
  return versioned(text, headers);
}

export async function createItem(project: string, body: string): Promise<VersionedItem> {
  const { text, headers } = await request("POST", `${itemsPath(project)}/`, { body });
  return versioned(text, headers);
}

export async function actOnItem(project: string, id: string, action: "archive" | "restore", etag: string, body?: string): Promise<VersionedItem> {
  const { text, headers } = await request("POST", `${itemsPath(project)}/${id}/${action}/`, { body, headers: etag ? { "If-Match": etag } : {} });
  return versioned(text, headers);
}
