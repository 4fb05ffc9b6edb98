// Gives a revision a name, which links, exports and reads can use.

import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { datasetPath } from "../api/datasets";
import { APIError } from "../api/errors";
import { request } from "../api/http";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { ErrorNotice } from "../ui/Notice";
import { toast } from "../ui/toasts";
import type { RevisionDialogProps } from "./RollbackDialog";

export function TagDialog({ project, dataset, revision: { revision }, onClose, onDone }: RevisionDialogProps): ReactNode {
  const [name, setName] = useState("");
  const run = useMutation({
    mutationFn: (force: boolean) =>
      request("PUT", `${datasetPath(project, dataset)}/tags/${encodeURIComponent(name.trim())}/`, { body: JSON.stringify({ revision, force }) }),
    onSuccess: () => {
      onDone();
      toast(`r${revision} is tagged ${name.trim()}.`);
    },
  });
  const isTaken = run.error instanceof APIError && run.error.status === 409;
  return (
    <Dialog title={`Tag r${revision}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) run.mutate(false);
        }}
      >
        <label>
          Name
          <input autoFocus value={name} placeholder="release-1" onChange={(event) => { setName(event.target.value); run.reset(); }} />
        </label>
        <p className="dim">Small letters, digits, dots, dashes and underscores; at most 64.</p>
        {run.error && <ErrorNotice error={run.error} />}
        <footer>
          <span className="space" />
          <Button onClick={onClose}>Cancel</Button>
          {isTaken ? (
            <Button kind="primary" disabled={run.isPending} onClick={() => run.mutate(true)}>Move the tag here</Button>
          ) : (
            <Button kind="primary" type="submit" disabled={!name.trim() || run.isPending}>Tag</Button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
