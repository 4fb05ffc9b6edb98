// Takes a bulk action back: the dataset as it was at the revision before, as one new revision.

import type { Page, Revision } from "../api/datasets";
import { datasetPath } from "../api/datasets";
import { adviceOf } from "../api/errors";
import { request, type Answer } from "../api/http";
import { plural } from "../ui/format";
import { toast } from "../ui/toasts";

export async function rollBack(project: string, dataset: string, revision: number, dryRun = false, message?: string): Promise<Answer> {
  return request("POST", `${datasetPath(project, dataset)}/rollback/`, { query: dryRun ? { dry_run: true } : {}, body: JSON.stringify({ revision }), message });
}

/** `last` is the revision that the action has made last. What others have done since is asked about first. */
export async function undo(project: string, dataset: string, before: number, last: number, done: () => void): Promise<void> {
  try {
    const { text } = await request("GET", `${datasetPath(project, dataset)}/revisions/`, { query: { limit: 1 } });
    const newest = (JSON.parse(text) as Page<Revision>).results[0]?.revision ?? last;
    const run = async (): Promise<void> => {
      await rollBack(project, dataset, before, false, `Undo: back to revision ${before}`);
      toast(`Undone: the items are as they were at r${before}.`);
      done();
    };
    if (newest === last) return await run();
    toast(`${plural(newest - last, "later change")} of this dataset would be undone as well.`, { action: { label: "Undo all", run: () => void run().catch(tell) } });
  } catch (error) {
    tell(error);
  }
}

function tell(error: unknown): void {
  const { title, detail } = adviceOf(error);
  toast(`${title}. ${detail}`, { bad: true });
}
