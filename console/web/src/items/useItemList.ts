// The rows of the table: blocks of a hundred, read when they are about to be seen, by cursor where the one before is known.

import { keepPreviousData, queryOptions, useQueries, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { Query } from "../api/http";
import { BLOCK, readFar, readFirst, readNext, type Block } from "../api/items";
import type { Item } from "./item";

export interface ItemList {
  readonly count: number | undefined;
  readonly revision: number | null;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly retry: () => void;
  readonly rowAt: (index: number) => Item | undefined;
  readonly indexOf: (id: string) => number;
  /** Rows of a stretch, read where they are not there yet. */
  readonly rowsBetween: (first: number, last: number) => Promise<Item[]>;
  readonly replace: (item: Item) => void;
  readonly firstRows: readonly Item[];
}

export interface ListKey {
  readonly project: string;
  readonly query: Query;
  /** One more after each refresh, so that blocks of before and after never meet. */
  readonly generation: number;
}

const listKey = ({ project, query, generation }: ListKey) => ["items", project, query, generation] as const;
const keyOf = (list: ListKey, block: number) => [...listKey(list), block] as const;

function blockQuery(client: QueryClient, list: ListKey, block: number, count: number) {
  return queryOptions({
    queryKey: keyOf(list, block),
    queryFn: ({ signal }): Promise<Block> => {
      if (block === 0) return readFirst(list.project, list.query, signal);
      const next = client.getQueryData<Block>(keyOf(list, block - 1))?.next;
      return next ? readNext(next, signal) : readFar(list.project, list.query, block * BLOCK, count, signal);
    },
    staleTime: Infinity,
  });
}

/** `first` and `last` are the rows that are about to be seen. */
export function useItemList(list: ListKey, first: number, last: number): ItemList {
  const client = useQueryClient();
  const start = useQuery({ ...blockQuery(client, list, 0, 0), placeholderData: keepPreviousData });
  const count = start.data?.count;
  const blocks = start.isPlaceholderData || count === undefined ? [] : blocksOf(first, last, count);
  const results = useQueries({ queries: blocks.map((each) => blockQuery(client, list, each, count ?? 0)) });

  const loaded = new Map<number, Block>();
  if (start.data) loaded.set(0, start.data);
  results.forEach((result, i) => result.data && loaded.set(blocks[i] as number, result.data));

  // What was there before a refresh stays in sight until the new comes.
  const before = { ...list, generation: list.generation - 1 };
  const cached = (block: number): Block | undefined => client.getQueryData(keyOf(list, block)) ?? client.getQueryData(keyOf(before, block));
  const rowAt = (index: number): Item | undefined => {
    const block = Math.floor(index / BLOCK);
    return (loaded.get(block) ?? cached(block))?.items[index % BLOCK];
  };
  const indexOf = (id: string): number => {
    for (const [key, block] of client.getQueriesData<Block>({ queryKey: listKey(list) })) {
      const at = block?.items.findIndex((each) => each.id === id) ?? -1;
      if (at >= 0) return Number(key.at(-1)) * BLOCK + at;
    }
    return -1;
  };
  const rowsBetween = async (from: number, to: number): Promise<Item[]> => {
    const all: Item[] = [];
    for (const block of blocksOf(from, to, count ?? 0)) {
      const { items } = await client.fetchQuery(blockQuery(client, list, block, count ?? 0));
      items.forEach((item, i) => block * BLOCK + i >= from && block * BLOCK + i <= to && all.push(item));
    }
    return all;
  };
  const replace = useCallback(
    (item: Item): void => {
      client.setQueriesData<Block>({ queryKey: ["items", list.project] }, (block) =>
        block?.items.some((each) => each.id === item.id) ? { ...block, items: block.items.map((each) => (each.id === item.id ? item : each)) } : block,
      );
    },
    [client, list.project],
  );
  const failed = [start, ...results].find((each) => each.error);
  return {
    count,
    revision: start.data?.revision ?? null,
    error: failed?.error ?? null,
    isLoading: start.isPending || start.isPlaceholderData,
    retry: () => void failed?.refetch(),
    rowAt,
    indexOf,
    rowsBetween,
    replace,
    firstRows: start.data?.items ?? [],
  };
}

function blocksOf(first: number, last: number, count: number): number[] {
  const from = Math.floor(Math.max(0, first) / BLOCK);
  const to = Math.floor(Math.min(last, count - 1) / BLOCK);
  return to < from ? [] : Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
