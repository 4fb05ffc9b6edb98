// Archives all but the oldest of each group, once it has been said how many that are.

import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { archiveDuplicates } from "../api/duplicates";
import { undo } from "../bulk/undo";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { ErrorNotice } from "../ui/Notice";
import { number, plural } from "../ui/format";
import { toast } from "../ui/toasts";

interface Props {
  project: string;
  dataset: string;
  on: string;
  onClose: () => void;
  onDone: () => void;
}

export function ArchiveDialog({ project, dataset, on, onClose, onDone }: Props): ReactNode {
  const trial = useQuery({ queryKey: ["archive-duplicates", project, dataset, on], queryFn: () => archiveDuplicates(project, dataset, on, true), gcTime: 0, staleTime: 0, retry: false });
  const run = useMutation({
    mutationFn: () => archiveDuplicates(project, dataset, on, false),
    onSuccess: ({ archived, remaining, dataset_revision: revision }) => {
      onDone();
      const action = archived ? { label: "Undo", run: () => void undo(project, dataset, revision - 1, revision, onDone) } : undefined;
      toast(`Archived ${plural(archived, "duplicate")} · r${revision}.${remaining ? ` ${number(remaining)} are left: archive again.` : ""}`, { action });
    },
  });
  const error = run.error ?? trial.error;
  const found = trial.data;
  return (
    <Dialog title="Archive the duplicates" onClose={onClose}>
      <div className="form">
        <p>The oldest item of each group stays. The others are archived, as one revision: they keep their versions, and can be restored.</p>
        {trial.isFetching && <p className="dim" role="status">Counting …</p>}
        {found && (
          <div className="outcome" role="status">
            <div><b>{number(found.archived)}</b> would be archived</div>
            <div className="dim"><b>{number(found.groups)}</b> {found.groups === 1 ? "stays" : "stay"}</div>
            {found.remaining > 0 && <div className="dim"><b>{number(found.remaining)}</b> more, in another turn</div>}
          </div>
        )}
        {error && <ErrorNotice error={error} />}
        <footer>
          <span className="space" />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={!found?.archived || run.isPending} onClick={() => run.mutate()}>
            {found?.archived ? `Archive ${plural(found.archived, "item")}` : "Archive"}
          </Button>
        </footer>
      </div>
    </Dialog>
  );
}
