// What the items must look like: a JSON Schema for each field, tried on the items that are there before it holds.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { stats as statsQuery } from "../api/datasets";
import { APIError } from "../api/errors";
import { putSchemas, schemas as schemasQuery, violationsOf, type Enforce, type SchemaSet, type SchemaTexts } from "../api/schemas";
import { Shell } from "../app/Shell";
import { JSON_FIELDS, type JSONField } from "../items/item";
import { problemOf } from "../json/check";
import { Button } from "../ui/Button";
import { ErrorNotice, Loading } from "../ui/Notice";
import { Time } from "../ui/Time";
import { personName } from "../ui/format";
import { useShortcuts } from "../ui/shortcuts";
import { toast } from "../ui/toasts";
import { SchemaCard } from "./SchemaCard";
import { Violations } from "./Violations";
import { draftedSchema } from "./draft";

export function SchemasPage(): ReactNode {
  const { project, dataset } = useParams({ strict: false });
  const query = useQuery({ ...schemasQuery(project ?? "", dataset ?? ""), enabled: dataset !== undefined });
  if (project === undefined || dataset === undefined) return null;
  return (
    <Shell project={project} dataset={dataset}>
      {query.data ? (
        <SchemaForm key={query.data.etag} project={project} dataset={dataset} current={query.data} />
      ) : (
        <main className="page">{query.error ? <ErrorNotice error={query.error} onRetry={() => void query.refetch()} /> : <Loading what="the schemas" />}</main>
      )}
    </Shell>
  );
}

interface Attempt {
  readonly enforce: Enforce;
  readonly dryRun: boolean;
}

function SchemaForm({ project, dataset, current }: { project: string; dataset: string; current: SchemaSet }): ReactNode {
  const client = useQueryClient();
  const stats = useQuery({ ...statsQuery(project, dataset), enabled: false });
  const [texts, setTexts] = useState<SchemaTexts>(current.texts);
  // Counts what the editors are to show anew: their text is their own while one types.
  const [given, setGiven] = useState(0);
  const changed = JSON_FIELDS.filter((field) => texts[field].trim() !== current.texts[field]);
  const isBroken = JSON_FIELDS.some((field) => texts[field].trim() && problemOf(texts[field]));
  const run = useMutation({
    mutationFn: ({ enforce, dryRun }: Attempt) => putSchemas(project, dataset, texts, { enforce, dryRun, etag: current.etag }),
    onSuccess: (made, { enforce, dryRun }) => {
      if (dryRun) return toast("Every item fits.");
      client.setQueryData(schemasQuery(project, dataset).queryKey, made);
      toast(enforce === "new" ? "Saved: what is written from now on must fit." : "Saved: every item fits, and must go on to.");
    },
  });
  const refusal = run.error instanceof APIError ? run.error : null;
  const violations = refusal ? violationsOf(refusal) : [];
  const save = (): void => {
    if (changed.length && !isBroken && !run.isPending) run.mutate({ enforce: "all", dryRun: false });
  };
  useShortcuts({ "Mod+Enter": save, "Mod+s": save });
  const change = (field: JSONField, text: string): void => {
    setTexts((before) => ({ ...before, [field]: text }));
    if (run.error) run.reset();
  };
  const draft = async (): Promise<void> => {
    const { data, error } = await stats.refetch();
    if (!data) return toast(String(error?.message ?? error), { bad: true });
    const drafted = (field: JSONField): string => (texts[field].trim() || !data.fields[field].present ? texts[field] : draftedSchema(data.fields[field], data.items.live));
    setTexts({ input: drafted("input"), output: drafted("output"), metadata: drafted("metadata") });
    setGiven((before) => before + 1);
  };
  const belongs = (field: JSONField): boolean => refusal?.code === "invalid_schema" && (refusal.envelope.attr === field || Boolean(refusal.envelope.attr?.startsWith(`${field}.`)));
  return (
    <>
      <main className="page schemas">
        <p className="lead">
          <span>A JSON Schema for each field that is to have one. Every way in is checked: by hand, by program, by import.</span>
          <Button onClick={() => void draft()} disabled={stats.isFetching || JSON_FIELDS.every((field) => texts[field].trim())}>
            {stats.isFetching ? "Looking at the items …" : "Draft from the items"}
          </Button>
        </p>
        {violations.length > 0 && refusal && <Violations project={project} dataset={dataset} detail={refusal.message} violations={violations} busy={run.isPending} onEnforceNew={() => run.mutate({ enforce: "new", dryRun: false })} />}
        {run.error && !violations.length && !JSON_FIELDS.some(belongs) && <ErrorNotice error={run.error} />}
        {JSON_FIELDS.map((field) => (
          <SchemaCard key={`${field} ${given}`} field={field} text={texts[field]} isChanged={changed.includes(field)} refusal={refusal && belongs(field) ? refusal.envelope : null} onChange={(text) => change(field, text)} />
        ))}
      </main>
      <footer className="foot">
        <span className={changed.length ? "dirty" : "dim"}>{isBroken ? "Correct the JSON first" : changed.length ? `${changed.join(", ")} edited` : <InForce current={current} />}</span>
        <span className="space" />
        <Button disabled={isBroken || run.isPending || JSON_FIELDS.every((field) => !texts[field].trim())} onClick={() => run.mutate({ enforce: "all", dryRun: true })}>
          {run.isPending && run.variables.dryRun ? "Checking …" : "Check the items"}
        </Button>
        {changed.length > 0 && <Button onClick={() => { setTexts(current.texts); setGiven(given + 1); run.reset(); }}>Discard</Button>}
        <Button kind="primary" shortcut="Mod+Enter" disabled={!changed.length || isBroken || run.isPending} onClick={save}>
          {run.isPending && !run.variables.dryRun ? "Saving …" : "Save"}
        </Button>
      </footer>
    </>
  );
}

function InForce({ current: { version, enforce, texts, createdAt, createdBy } }: { current: SchemaSet }): ReactNode {
  if (!JSON_FIELDS.some((field) => texts[field])) return "No schema: items may hold anything.";
  return (
    <>
      {enforce === "new" ? "In force for what is written since" : "In force for every item"} · version {version} · {personName(createdBy)}, {createdAt && <Time at={createdAt} />}
    </>
  );
}
