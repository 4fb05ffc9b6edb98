// Makes the items what they were at a revision, once it has been said what that changes.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Revision } from "../api/datasets";
import { revisionOf } from "../api/http";
import { rollBack, undo } from "../bulk/undo";
import { changesText } from "../history/changesText";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { ErrorNotice } from "../ui/Notice";
import { toast } from "../ui/toasts";

export interface RevisionDialogProps {
  project: string;
  dataset: string;
  revision: Pick<Revision, "revision">;
  onClose: () => void;
  onDone: () => void;
}

type Counts = Pick<Revision, "created" | "updated" | "archived" | "restored">;

export function RollbackDialog({ project, dataset, revision: { revision }, onClose, onDone }: RevisionDialogProps): ReactNode {
  const client = useQueryClient();
  const trial = useQuery({
    queryKey: ["rollback", project, dataset, revision],
    queryFn: async () => JSON.parse((await rollBack(project, dataset, revision, true)).text) as Partial<Counts>,
    gcTime: 0,
    staleTime: 0,
    retry: false,
  });
  const run = useMutation({
    mutationFn: () => rollBack(project, dataset, revision, false, `Roll back to revision ${revision}`),
    onSuccess: ({ headers }) => {
      onDone();
      const made = revisionOf(headers);
      const action = made === null ? undefined : { label: "Undo", run: () => void undo(project, dataset, made - 1, made, () => void client.invalidateQueries()) };
      toast(`The items are as they were at r${revision}.`, { action });
    },
  });
  const error = run.error ?? trial.error;
  const counts = { created: 0, updated: 0, archived: 0, restored: 0, ...trial.data };
  const isEmpty = counts.created + counts.updated + counts.archived + counts.restored === 0;
  return (
    <Dialog title={`Roll back to r${revision}`} onClose={onClose}>
      <div className="form">
        <p>The items become what they were at r{revision}, as one new revision. Nothing is lost: the later revisions stay.</p>
        {trial.isFetching && <p className="dim" role="status">Counting …</p>}
        {trial.data && <div className="outcome" role="status"><div>Rolling back changes: <b>{changesText(counts)}</b></div></div>}
        {trial.data && !isEmpty && (
          <Link to="/projects/$project/datasets/$dataset/compare" params={{ project, dataset }} search={{ from: String(revision), to: "latest" } as never} onClick={onClose}>
            What has changed since r{revision}, item by item
          </Link>
        )}
        {error && <ErrorNotice error={error} />}
        <footer>
          <span className="space" />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={!trial.data || isEmpty || run.isPending} onClick={() => run.mutate()}>Roll back</Button>
        </footer>
      </div>
    </Dialog>
  );
}
