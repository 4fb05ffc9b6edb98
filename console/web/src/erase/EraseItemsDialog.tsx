// Erases what is selected.

import type { ReactNode } from "react";
import { request } from "../api/http";
import { itemsPath } from "../api/items";
import { partsOfTarget, type Part } from "../bulk/target";
import type { BulkDialogProps } from "../bulk/ChangeDialog";
import { sizeOf } from "../items/selection";
import { Dialog } from "../ui/Dialog";
import { number, plural } from "../ui/format";
import { toast } from "../ui/toasts";
import { EraseForm, WARNING, type EraseOptions } from "./EraseForm";

interface Erased {
  readonly dataset: string;
  readonly versions: number;
}

export function EraseItemsDialog({ target, onClose, onDone }: BulkDialogProps): ReactNode {
  const size = sizeOf(target.selection, target.count);
  const erase = async (options: EraseOptions, dryRun: boolean): Promise<Erased[]> => {
    const parts = await partsOfTarget(target, () => undefined);
    const erased: Erased[] = [];
    for (const part of parts) erased.push(...(await erasePart(target.project, part, options, dryRun)));
    return erased;
  };
  return (
    <Dialog title={`Erase ${plural(size, "item")}`} onClose={onClose}>
      <EraseForm
        name={JSON.stringify([target.query, target.selection.kind === "some" ? [...target.selection.items.keys()] : "all"])}
        confirmation={`erase ${plural(size, "item")}`.replace(/,/g, "")}
        erase={erase}
        tell={(erased) => <Outcome erased={erased} dataset={target.dataset} />}
        button={`Erase ${plural(size, "item")}`}
        onClose={onClose}
        onDone={(erased) => {
          onDone();
          toast(`Erased ${plural(erased.length, "item")}.`);
        }}
      >
        <p>{WARNING}</p>
      </EraseForm>
    </Dialog>
  );
}

async function erasePart(project: string, part: Part, { reason, copies }: EraseOptions, dryRun: boolean): Promise<Erased[]> {
  const body = JSON.stringify({ ...part, copies, ...(reason ? { reason } : {}) });
  const { text } = await request("POST", `${itemsPath(project)}/erase/`, { query: dryRun ? { dry_run: true } : {}, body });
  return (JSON.parse(text) as { erased: Erased[] }).erased;
}

function Outcome({ erased, dataset }: { erased: readonly Erased[]; dataset: string }): ReactNode {
  const here = erased.filter((each) => each.dataset === dataset);
  const versions = erased.reduce((sum, each) => sum + each.versions, 0);
  return (
    <>
      <div><b>{number(here.length)}</b> would be erased</div>
      {erased.length > here.length && <div><b>{number(erased.length - here.length)}</b> copies in other datasets</div>}
      <div className="dim"><b>{number(versions)}</b> {versions === 1 ? "version loses its" : "versions lose their"} content</div>
    </>
  );
}
