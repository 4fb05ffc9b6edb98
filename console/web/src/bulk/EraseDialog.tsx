// Erases the content of what is selected, for good: from the items, their versions, and copies in other datasets.

import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { request } from "../api/http";
import { itemsPath } from "../api/items";
import { sizeOf } from "../items/selection";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { ErrorNotice } from "../ui/Notice";
import { number, plural } from "../ui/format";
import { toast } from "../ui/toasts";
import type { BulkDialogProps } from "./ChangeDialog";
import { partsOfTarget } from "./target";

interface Erased {
  readonly erased: readonly { readonly dataset: string; readonly id: string; readonly versions: number }[];
}

export function EraseDialog({ target, onClose, onDone }: BulkDialogProps): ReactNode {
  const { project } = target;
  const [reason, setReason] = useState("");
  const [copies, setCopies] = useState(true);
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState<{ items: number; versions: number } | null>(null);
  const erase = async (dryRun: boolean): Promise<{ items: number; versions: number }> => {
    const sum = { items: 0, versions: 0 };
    for (const part of await partsOfTarget(target, () => undefined)) {
      const body = JSON.stringify({ ...part, copies, ...(reason ? { reason } : {}) });
      const { text } = await request("POST", `${itemsPath(project)}/erase/`, { query: dryRun ? { dry_run: true } : {}, body });
      const { erased } = JSON.parse(text) as Erased;
      sum.items += erased.length;
      sum.versions += erased.reduce((all, each) => all + each.versions, 0);
    }
    return sum;
  };
  const trial = useMutation({ mutationFn: () => erase(true), onSuccess: setFound });
  const run = useMutation({
    mutationFn: () => erase(false),
    onSuccess: ({ items }) => {
      onDone();
      toast(`Erased ${plural(items, "item")}.`);
    },
  });
  return (
    <Dialog title={`Erase ${plural(sizeOf(target.selection, target.count), "item")}`} onClose={onClose}>
      <div className="form">
        <p className="notice bad">
          <b>This cannot be undone.</b> Their content goes from the items, from all their versions and from what was kept to answer repeated requests. That they were there, and when, stays. To put items aside, archive them.
        </p>
        <label>
          Reason
          <input maxLength={500} value={reason} placeholder="such as: asked for by the person" onChange={(event) => setReason(event.target.value)} />
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={copies}
            onChange={(event) => {
              setCopies(event.target.checked);
              setFound(null);
            }}
          />
          Copies in forks, too
        </label>
        {found && (
          <>
            <div className="outcome" role="status">
              <div>
                <b>{number(found.items)}</b> items would be erased
              </div>
              <div>
                <b>{number(found.versions)}</b> versions of them
              </div>
            </div>
            <label>
              <span>
                Type <code>erase</code> to go on
              </span>
              <input autoFocus value={typed} onChange={(event) => setTyped(event.target.value)} />
            </label>
          </>
        )}
        {(run.error ?? trial.error) && <ErrorNotice error={run.error ?? trial.error} />}
        <footer>
          <span className="space" />
          <Button onClick={onClose}>Cancel</Button>
          {found ? (
            <Button kind="danger" disabled={typed !== "erase" || run.isPending} onClick={() => run.mutate()}>
              Erase {plural(found.items, "item")}
            </Button>
          ) : (
            <Button kind="primary" disabled={trial.isPending} onClick={() => trial.mutate()}>
              See what would be erased
            </Button>
          )}
        </footer>
      </div>
    </Dialog>
  );
}
