// Reads of projects, datasets and their revisions.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, read, type Dataset, type User } from "./client";
import { request } from "./http";

export interface ListedDataset extends Dataset {
  // Not of a server that does not know `fields` in this list.
  readonly item_count?: number;
  readonly revision?: number;
  readonly updated_revision_at?: string | null;
}

export interface Page<T> {
  readonly count: number;
  readonly next: string | null;
  readonly results: T[];
}

export interface Revision {
  readonly revision: number;
  readonly created_at: string;
  readonly created_by: User | null;
  readonly created: number;
  readonly updated: number;
  readonly archived: number;
  readonly restored: number;
  readonly tags: string[];
  readonly message?: string | null;
}

const LISTED = "id,name,description,metadata,created_at,updated_at,deleted,created_by,item_count,revision,updated_revision_at";
const PAGE = 100;

export const datasetPath = (project: string, dataset: string): string =>
  `/api/projects/${encodeURIComponent(project)}/datasets/${encodeURIComponent(dataset)}`;

export const me = queryOptions({
  queryKey: ["me"],
  queryFn: () => read(api.GET("/api/users/@me/")),
  staleTime: 300_000,
});

export const projects = queryOptions({
  queryKey: ["projects"],
  queryFn: () => read(api.GET("/api/projects/", { params: { query: { limit: 1000 } } })),
  staleTime: 300_000,
});

export const datasets = (project: string, query: Readonly<Record<string, string>>) =>
  infiniteQueryOptions({
    queryKey: ["datasets", project, query],
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) => {
      const path = `/api/projects/${encodeURIComponent(project)}/datasets/`;
      const answer = await request("GET", path, { query: { fields: LISTED, ...query, limit: PAGE, offset: pageParam }, signal });
      return JSON.parse(answer.text) as Page<ListedDataset>;
    },
    getNextPageParam: (last, pages) => (last.next ? pages.length * PAGE : null),
  });

export const dataset = (project: string, id: string) =>
  queryOptions({
    queryKey: ["dataset", project, id],
    queryFn: async ({ signal }) => {
      const answer = await request("GET", `${datasetPath(project, id)}/`, { signal });
      return { ...(JSON.parse(answer.text) as Dataset), etag: answer.headers.get("etag") };
    },
  });

export const latestRevision = (project: string, id: string) =>
  queryOptions({
    queryKey: ["latest", project, id],
    queryFn: async ({ signal }) => {
      const answer = await request("GET", `${datasetPath(project, id)}/revisions/`, { query: { limit: 1 }, signal });
      return (JSON.parse(answer.text) as Page<Revision>).results[0] ?? null;
    },
    // Others write, too: the page says so, and waits to be asked.
    refetchInterval: 20_000,
    refetchOnWindowFocus: true,
  });

export const revisions = (project: string, id: string) =>
  infiniteQueryOptions({
    queryKey: ["revisions", project, id],
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) => {
      const answer = await request("GET", `${datasetPath(project, id)}/revisions/`, { query: { limit: PAGE, offset: pageParam }, signal });
      return JSON.parse(answer.text) as Page<Revision>;
    },
    getNextPageParam: (last, pages) => (last.next ? pages.length * PAGE : null),
  });

export interface KeyStats {
  readonly key: string;
  readonly count: number;
  readonly types: Readonly<Record<string, number>>;
}

export interface FieldStats {
  readonly present: number;
  readonly types: Readonly<Record<string, number>>;
  readonly keys: readonly KeyStats[];
}

export interface Stats {
  readonly items: { readonly live: number; readonly archived: number };
  readonly fields: Readonly<Record<"input" | "output" | "metadata", FieldStats>>;
  readonly present: Readonly<Record<string, number>>;
  readonly types_of: number;
}

export const stats = (project: string, id: string) =>
  queryOptions({
    queryKey: ["stats", project, id],
    queryFn: async ({ signal }) => JSON.parse((await request("GET", `${datasetPath(project, id)}/stats/`, { signal })).text) as Stats,
    staleTime: 60_000,
    retry: false,
  });
