// One bar for what is ticked: each thing that can be done with it, by its name.

import { Suspense, lazy, useState, type ReactNode } from "react";
import type { Query } from "../api/http";
import { sizeOf, type Selection } from "../items/selection";
import { ExportDialog } from "../transfer/ExportSheet";
import { Button } from "../ui/Button";
import { number } from "../ui/format";
import { ChangeDialog } from "./ChangeDialog";
import { MetadataDialog } from "./MetadataDialog";
import { MoveDialog } from "./MoveDialog";

const EraseItemsDialog = lazy(() => import("../erase/EraseItemsDialog").then((module) => ({ default: module.EraseItemsDialog })));

interface Props {
  project: string;
  dataset: string;
  query: Query;
  selection: Selection;
  count: number;
  /** What is past, or another's, can only be taken along. */
  writable: boolean;
  onSelectAll: () => void;
  onDone: () => void;
  onClear: () => void;
}

type Open = "archive" | "restore" | "metadata" | "move" | "export" | "erase";

export function BulkBar({ project, dataset, query, selection, count, writable, onSelectAll, onDone, onClear }: Props): ReactNode {
  const [open, setOpen] = useState<Open | null>(null);
  const target = { project, dataset, query, selection, count };
  const close = (): void => setOpen(null);
  const done = (): void => {
    close();
    onDone();
  };
  const size = sizeOf(selection, count);
  const inTrash = query["deleted"] === "true";
  const shared = { target, onClose: close, onDone: done };
  return (
    <>
      <div className="bulkbar" role="toolbar" aria-label="What is selected">
        <b>{number(size)} selected</b>
        {selection.kind === "some" && size < count && (
          <Button kind="ghost" onClick={onSelectAll}>
            All {number(count)} that match
          </Button>
        )}
        <span className="bar-line" />
        {writable && !inTrash && <Button kind="ghost" onClick={() => setOpen("metadata")}>Set metadata</Button>}
        {writable && !inTrash && <Button kind="ghost" onClick={() => setOpen("move")}>Move</Button>}
        {!inTrash && <Button kind="ghost" onClick={() => setOpen("export")}>Export</Button>}
        {writable && <Button kind="ghost" onClick={() => setOpen(inTrash ? "restore" : "archive")}>{inTrash ? "Restore" : "Archive"}</Button>}
        {writable && <Button kind="ghost" className="danger" onClick={() => setOpen("erase")}>Erase</Button>}
        <Button kind="ghost" shortcut="Esc" onClick={onClear}>Clear</Button>
      </div>
      {(open === "archive" || open === "restore") && <ChangeDialog {...shared} action={open} />}
      {open === "erase" && <Suspense><EraseItemsDialog {...shared} /></Suspense>}
      {open === "metadata" && <MetadataDialog {...shared} />}
      {open === "move" && <MoveDialog {...shared} />}
      {open === "export" && <ExportDialog project={project} dataset={dataset} query={query} count={size} selection={selection} onClose={close} />}
    </>
  );
}
