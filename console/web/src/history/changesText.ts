// What a revision did, in a few words.

import type { Revision } from "../api/datasets";
import { number } from "../ui/format";

export function changesText({ created, updated, archived, restored }: Pick<Revision, "created" | "updated" | "archived" | "restored">): string {
  const parts = (
    [
      [created, "created"],
      [updated, "updated"],
      [archived, "archived"],
      [restored, "restored"],
    ] as const
  ).filter(([count]) => count > 0);
  return parts.map(([count, name]) => `${number(count)} ${name}`).join(", ") || "no items changed";
}
