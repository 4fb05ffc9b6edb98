// Archives or restores what is selected.

import type { ReactNode } from "react";
import { sizeOf } from "../items/selection";
import { Dialog } from "../ui/Dialog";
import { plural } from "../ui/format";
import { toast } from "../ui/toasts";
import { Confirm } from "./Confirm";
import { partsOfTarget, patchPart, type Target } from "./target";
import { undo } from "./undo";
import { useBulk } from "./useBulk";

export interface BulkDialogProps {
  target: Target;
  onClose: () => void;
  onDone: () => void;
}

const WORDS = { archive: ["Archive", "archived", "Archived"], restore: ["Restore", "restored", "Restored"] } as const;

export function ChangeDialog({ target, action, onClose, onDone }: BulkDialogProps & { action: "archive" | "restore" }): ReactNode {
  const { project, dataset } = target;
  const [button, done, Done] = WORDS[action];
  const bulk = useBulk({
    name: action,
    prepare: (tell) => partsOfTarget(target, (found) => tell(`Found ${plural(found, "item")} …`)),
    parts: (parts) => parts.map((part) => (dryRun: boolean) => patchPart(project, part, { deleted: action === "archive" }, dryRun, `${Done} in the console`)),
    onDone: (outcome, revisions) => {
      onDone();
      const first = revisions[0];
      const run = first === undefined ? undefined : { label: "Undo", run: () => void undo(project, dataset, first - 1, revisions.at(-1) as number, onDone) };
      toast(`${Done} ${plural(outcome.updated, "item")}${first === undefined ? "" : ` · r${first}`}.`, { action: run });
    },
  });
  return (
    <Dialog title={`${button} ${plural(sizeOf(target.selection, target.count), "item")}`} onClose={onClose}>
      <div className="form">
        {action === "archive" && <p>Archived items leave the table and exports. They keep their versions, and can be restored.</p>}
        <Confirm bulk={bulk as never} done={done} button={button} onClose={onClose} />
      </div>
    </Dialog>
  );
}
