// Erases a dataset with all that hangs on it.

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Dataset } from "../api/client";
import { datasetPath } from "../api/datasets";
import { request } from "../api/http";
import { Dialog } from "../ui/Dialog";
import { number, plural } from "../ui/format";
import { toast } from "../ui/toasts";
import { EraseForm } from "./EraseForm";

interface Erased {
  readonly items: number;
  readonly versions: number;
  readonly copies: readonly unknown[];
}

export function EraseDatasetDialog({ project, dataset: { id, name }, onClose }: { project: string; dataset: Pick<Dataset, "id" | "name">; onClose: () => void }): ReactNode {
  const client = useQueryClient();
  const navigate = useNavigate();
  return (
    <Dialog title={`Erase ${name}`} onClose={onClose}>
      <EraseForm<Erased>
        name={id}
        confirmation={name}
        erase={async ({ reason, copies }, dryRun) => {
          const body = JSON.stringify({ name, copies, ...(reason ? { reason } : {}) });
          return JSON.parse((await request("POST", `${datasetPath(project, id)}/erase/`, { query: dryRun ? { dry_run: true } : {}, body })).text) as Erased;
        }}
        tell={({ items, versions, copies }) => (
          <>
            <div><b>{number(items)}</b> {items === 1 ? "item" : "items"} would be erased</div>
            {copies.length > 0 && <div><b>{number(copies.length)}</b> copies in other datasets</div>}
            <div className="dim"><b>{number(versions)}</b> {versions === 1 ? "version loses its" : "versions lose their"} content</div>
          </>
        )}
        button="Erase the dataset"
        onClose={onClose}
        onDone={({ items }) => {
          onClose();
          void client.invalidateQueries();
          toast(`Erased ${name} with ${plural(items, "item")}.`);
          void navigate({ to: "/projects/$project/datasets", params: { project }, search: { deleted: "true" } as never });
        }}
      >
        <p>The dataset goes for good, with its items, their history, tags and schemas. Backups keep it until they are deleted.</p>
      </EraseForm>
    </Dialog>
  );
}
