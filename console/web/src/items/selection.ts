// What is ticked: items one by one, or all that match.

import type { Item } from "./item";

export type Selection = { readonly kind: "some"; readonly items: ReadonlyMap<string, Item> } | { readonly kind: "all" };

export const NOTHING: Selection = { kind: "some", items: new Map() };

export const isSelected = (selection: Selection, item: Item): boolean => selection.kind === "all" || selection.items.has(item.id);

export const sizeOf = (selection: Selection, count: number): number => (selection.kind === "all" ? count : selection.items.size);

export function toggled(selection: Selection, item: Item): Selection {
  const items = new Map(selection.kind === "some" ? selection.items : []);
  if (!items.delete(item.id)) items.set(item.id, item);
  return { kind: "some", items };
}

export function joined(selection: Selection, added: readonly Item[]): Selection {
  const items = new Map(selection.kind === "some" ? selection.items : []);
  added.forEach((item) => items.set(item.id, item));
  return { kind: "some", items };
}
