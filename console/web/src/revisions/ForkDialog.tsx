// Makes a dataset of its own from the items as they were at a revision.

import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import type { Dataset } from "../api/client";
import { dataset as datasetQuery, datasetPath } from "../api/datasets";
import { request } from "../api/http";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { ErrorNotice } from "../ui/Notice";
import { toast } from "../ui/toasts";
import type { RevisionDialogProps } from "./RollbackDialog";

export function ForkDialog({ project, dataset, revision: { revision }, onClose, onDone }: RevisionDialogProps): ReactNode {
  const { data } = useQuery(datasetQuery(project, dataset));
  const [typed, setTyped] = useState<string | null>(null);
  const navigate = useNavigate();
  const name = typed ?? (data ? `${data.name} r${revision}` : "");
  const run = useMutation({
    mutationFn: async () => JSON.parse((await request("POST", `${datasetPath(project, dataset)}/fork/`, { body: JSON.stringify({ name, revision }) })).text) as Dataset,
    onSuccess: (made) => {
      onDone();
      toast(`Made ${name} from r${revision}.`);
      void navigate({ to: "/projects/$project/datasets/$dataset", params: { project, dataset: made.id }, search: {} });
    },
  });
  return (
    <Dialog title={`Fork r${revision}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) run.mutate();
        }}
      >
        <p>A new dataset with the items as they were at r{revision}. Afterwards the two have nothing to do with each other.</p>
        <label>
          Its name
          <input autoFocus maxLength={400} value={name} onChange={(event) => setTyped(event.target.value)} />
        </label>
        {run.error && <ErrorNotice error={run.error} />}
        <footer>
          <span className="space" />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={!name.trim() || run.isPending}>
            {run.isPending ? "Copying …" : "Fork"}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
