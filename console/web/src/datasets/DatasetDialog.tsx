// Makes a dataset, or edits its name, description and labels; archives and restores it.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import type { Dataset } from "../api/client";
import { datasetPath } from "../api/datasets";
import { request } from "../api/http";
import { lineOf, problemOf } from "../json/check";
import { prettyOf } from "../json/format";
import { memberOf, sliceOf } from "../json/slice";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { ErrorNotice } from "../ui/Notice";
import { labelsText, withLabels } from "./labels";
import { useArchive } from "./useArchive";

interface Props {
  project: string;
  dataset: Pick<Dataset, "id"> | null;
  onClose: () => void;
}

export function DatasetDialog({ project, dataset, onClose }: Props): ReactNode {
  // Its metadata is text here, too: what the list shows has been parsed.
  const full = useQuery({
    queryKey: ["dataset-text", project, dataset?.id],
    queryFn: async () => request("GET", `${datasetPath(project, dataset?.id ?? "")}/`),
    enabled: dataset !== null,
    gcTime: 0,
    staleTime: 0,
  });
  return (
    <Dialog title={dataset ? "Edit dataset" : "New dataset"} onClose={onClose}>
      {full.error && <ErrorNotice error={full.error} />}
      {(!dataset || full.data) && <DatasetForm project={project} text={full.data?.text ?? null} etag={full.data?.headers.get("etag") ?? null} onClose={onClose} />}
    </Dialog>
  );
}

function DatasetForm({ project, text, etag, onClose }: { project: string; text: string | null; etag: string | null; onClose: () => void }): ReactNode {
  const before = text === null ? null : (JSON.parse(text) as Dataset);
  const metadataSlice = text === null ? null : memberOf(sliceOf(text), "metadata");
  const metadataBefore = metadataSlice && before?.metadata !== null ? prettyOf(metadataSlice) : "";
  const [name, setName] = useState(before?.name ?? "");
  const [description, setDescription] = useState(before?.description ?? "");
  const [metadata, setMetadata] = useState(metadataBefore);
  const [labels, setLabels] = useState(() => labelsText(metadataBefore) ?? "");
  const hasLabels = labelsText(metadata) !== null;
  const client = useQueryClient();
  const navigate = useNavigate();
  const problem = metadata.trim() ? problemOf(metadata) : null;

  const members = (): string[] => {
    const sent = [`"name":${JSON.stringify(name)}`, `"description":${JSON.stringify(description)}`];
    if (metadata !== metadataBefore) sent.push(`"metadata":${metadata.trim() || "null"}`);
    return sent;
  };
  const save = useMutation({
    mutationFn: () =>
      before
        ? request("PATCH", `${datasetPath(project, before.id)}/`, { body: `{${members().join()}}`, headers: etag ? { "If-Match": etag } : {} })
        : request("POST", `/api/projects/${project}/datasets/`, { body: `{${members().join()}}` }),
    onSuccess: ({ text: made }) => {
      refresh();
      if (!before) void navigate({ to: "/projects/$project/datasets/$dataset", params: { project, dataset: (JSON.parse(made) as Dataset).id }, search: {} });
    },
  });
  const archive = useArchive(project);
  const refresh = (): void => {
    void client.invalidateQueries({ queryKey: ["datasets", project] });
    void client.invalidateQueries({ queryKey: ["dataset", project] });
    onClose();
  };

  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <label>
        Name
        <input autoFocus required maxLength={400} value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <label>
        Description
        <textarea rows={2} value={description} onChange={(event) => setDescription(event.target.value)} />
      </label>
      <label>
        Labels
        <input
          placeholder="math, reasoning"
          value={labels}
          disabled={!hasLabels}
          onChange={(event) => {
            setLabels(event.target.value);
            setMetadata(withLabels(metadata, event.target.value));
          }}
        />
      </label>
      <label>
        <span>
          Metadata <span className="dim">JSON, with the labels in it</span>
        </span>
        <textarea
          className="mono"
          rows={2}
          spellCheck={false}
          value={metadata}
          onChange={(event) => {
            setMetadata(event.target.value);
            setLabels(labelsText(event.target.value) ?? labels);
          }}
          aria-invalid={Boolean(problem)}
        />
      </label>
      {problem && (
        <p className="err" role="alert">
          Line {lineOf(metadata, problem.at)}: {problem.message}
        </p>
      )}
      {save.error && <ErrorNotice error={save.error} />}
      <footer>
        {before && (
          <Button kind={before.deleted ? "plain" : "danger"} onClick={() => archive.mutate({ dataset: before, deleted: !before.deleted }, { onSuccess: onClose })}>
            {before.deleted ? "Restore" : "Archive"}
          </Button>
        )}
        <span className="space" />
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" disabled={!name || Boolean(problem) || save.isPending}>
          {before ? "Save" : "Create"}
        </Button>
      </footer>
    </form>
  );
}
