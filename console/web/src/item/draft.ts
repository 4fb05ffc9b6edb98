// What is being edited: the text of each field beside the item as it was, kept in this tab until it is saved or dropped.

import type { VersionedItem } from "../api/items";
import { JSON_FIELDS, REF_FIELDS, type ContentField, type Item, type JSONField, type RefField } from "../items/item";
import { rawOf } from "../json/slice";

export interface Draft {
  readonly base: VersionedItem;
  readonly json: Readonly<Record<JSONField, string>>;
  readonly refs: Readonly<Record<RefField, string | null>>;
}

export function draftOf(base: VersionedItem): Draft {
  const json = Object.fromEntries(JSON_FIELDS.map((field) => [field, rawOf(base.item[field])])) as Record<JSONField, string>;
  const refs = Object.fromEntries(REF_FIELDS.map((field) => [field, base.item[field]])) as Record<RefField, string | null>;
  return { base, json, refs };
}

export function changedFields({ base, json, refs }: Draft): ContentField[] {
  return [...JSON_FIELDS.filter((field) => json[field] !== rawOf(base.item[field])), ...REF_FIELDS.filter((field) => refs[field] !== base.item[field])];
}

/** The changed fields alone, each as it is spelt. */
export function bodyOf(draft: Draft): string {
  const members = changedFields(draft).map((field) => `${JSON.stringify(field)}:${textOf(draft, field)}`);
  return `{${members.join(",")}}`;
}

export const textOf = (draft: Draft, field: ContentField): string =>
  field in draft.json ? draft.json[field as JSONField] : JSON.stringify(draft.refs[field as RefField]);

export const textOfItem = (item: Item, field: ContentField): string =>
  (JSON_FIELDS as readonly string[]).includes(field) ? rawOf(item[field as JSONField]) : JSON.stringify(item[field as RefField]);

export function withText(draft: Draft, field: ContentField, text: string): Draft {
  if (field in draft.json) return { ...draft, json: { ...draft.json, [field]: text } };
  return { ...draft, refs: { ...draft.refs, [field]: JSON.parse(text) as string | null } };
}

const drafts = new Map<string, Draft>();

export const keptDraft = (id: string): Draft | undefined => drafts.get(id);

export function keepDraft(id: string, draft: Draft | null): void {
  if (draft && changedFields(draft).length) drafts.set(id, draft);
  else drafts.delete(id);
}

/** The browser asks before it closes a tab in which something is not saved. */
if (typeof addEventListener === "function") addEventListener("beforeunload", (event) => {
  if (drafts.size) event.preventDefault();
});
