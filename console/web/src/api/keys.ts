// Personal API keys of whoever is signed in.

import { queryOptions } from "@tanstack/react-query";
import { currentKey } from "../session";
import { api, read, type Schemas } from "./client";

export type APIKey = Schemas["PersonalAPIKey"];
export type NewAPIKey = Schemas["NewPersonalAPIKey"];

export const keys = queryOptions({ queryKey: ["keys"], queryFn: () => read(api.GET("/api/personal_api_keys/")) });

export const createKey = (body: NewAPIKey): Promise<APIKey> => read(api.POST("/api/personal_api_keys/", { body }));

export const rollKey = (id: string): Promise<APIKey> => read(api.POST("/api/personal_api_keys/{id}/roll/", { params: { path: { id } } }));

export const revokeKey = (id: string): Promise<unknown> => read(api.DELETE("/api/personal_api_keys/{id}/", { params: { path: { id } } }));

/** Whether the key of this tab has that mask; of two with the same letters at both ends nobody can tell. */
export function isOfThisTab({ mask_value: mask }: Pick<APIKey, "mask_value">, key = currentKey()): boolean {
  const [start, end] = mask.split("...");
  return Boolean(key && start && end && key.startsWith(start) && key.endsWith(end));
}
