// Archives a dataset, or restores it; each can be undone by the other.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Dataset } from "../api/client";
import { datasetPath } from "../api/datasets";
import { adviceOf } from "../api/errors";
import { request } from "../api/http";
import { toast } from "../ui/toasts";

export interface Archiving {
  readonly dataset: Pick<Dataset, "id" | "name">;
  readonly deleted: boolean;
}

export function useArchive(project: string) {
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: ({ dataset, deleted }: Archiving) => request("PATCH", `${datasetPath(project, dataset.id)}/`, { body: JSON.stringify({ deleted }) }),
    onSuccess: (_, { dataset, deleted }) => {
      void client.invalidateQueries({ queryKey: ["datasets", project] });
      void client.invalidateQueries({ queryKey: ["dataset", project] });
      const undo = { label: "Undo", run: () => run.mutate({ dataset, deleted: !deleted }) };
      toast(deleted ? `Archived ${dataset.name}. Its items stay as they are.` : `Restored ${dataset.name}.`, { action: undo });
    },
    onError: (error) => {
      const { title, detail } = adviceOf(error);
      toast(`${title}. ${detail}`, { bad: true });
    },
  });
  return run;
}
