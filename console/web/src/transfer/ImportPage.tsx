// Import: a file is dropped, its columns are placed, one sees what would happen, and only then it happens.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useRef, useState, type ReactNode } from "react";
import { latestRevision } from "../api/datasets";
import { APIError } from "../api/errors";
import { Shell } from "../app/Shell";
import { undo } from "../bulk/undo";
import { Button } from "../ui/Button";
import { ErrorNotice } from "../ui/Notice";
import { plural } from "../ui/format";
import { useShortcuts } from "../ui/shortcuts";
import { toast } from "../ui/toasts";
import { DropZone } from "./DropZone";
import { MappingCard } from "./MappingCard";
import { OptionsCard, type Options } from "./OptionsCard";
import { OutcomeCard } from "./OutcomeCard";
import { queryOf } from "./importQuery";
import { headOf, type FileColumn, type FileHead } from "./fileHead";
import { clashOf, guessedPlaces, type Place } from "./mapping";
import { rowErrorsOf, sendImport, type Progress } from "./runImport";

// A larger file is sent for a trial only when asked: each trial sends all of it.
const SMALL = 20_000_000;
const NO_OPTIONS: Options = { match: "", mirror: false, cellsText: false, sheet: "" };

interface Chosen {
  readonly file: File;
  readonly head: FileHead;
}

export function ImportPage(): ReactNode {
  const { project, dataset } = useParams({ strict: false }) as { project: string; dataset: string };
  const navigate = useNavigate();
  const client = useQueryClient();
  const latest = useQuery(latestRevision(project, dataset));
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [places, setPlaces] = useState<ReadonlyMap<string, Place>>(new Map());
  const [options, setOptions] = useState(NO_OPTIONS);
  const [problem, setProblem] = useState<unknown>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const abort = useRef<AbortController>(null);

  const leave = (): void => void navigate({ to: "/projects/$project/datasets/$dataset", params: { project, dataset }, search: {} });
  useShortcuts({ Esc: leave });
  const choose = async (file: File): Promise<void> => {
    setProblem(null);
    try {
      const head = await headOf(file);
      const guessed = guessedPlaces(head.columns ?? []);
      setPlaces(guessed);
      setOptions({ ...NO_OPTIONS, match: matchFor([...guessed.values()], latest.data !== null) });
      setChosen({ file, head });
    } catch (error) {
      setProblem(error);
    }
  };

  const clash = clashOf(places);
  const query = chosen ? queryOf(chosen.head, places, options) : {};
  const name = JSON.stringify([query, chosen?.file.name, chosen?.file.size, chosen?.file.lastModified]);
  const isSmall = (chosen?.file.size ?? 0) <= SMALL;
  const [asked, setAsked] = useState("");
  const trial = useQuery({
    queryKey: ["import-trial", project, dataset, name],
    queryFn: ({ signal }) => sendImport({ project, dataset, file: (chosen as Chosen).file, query: { ...query, dry_run: true }, signal, tell: setProgress }),
    enabled: chosen !== null && !clash && (isSmall || asked === name),
    retry: false,
    gcTime: 60_000,
    staleTime: Infinity,
  });
  // What only the service can read, it names in its answer, and where it knows no name in its refusal.
  const unread = trial.data?.answer.ignored_columns ?? (trial.error instanceof APIError ? (trial.error.envelope["ignored_columns"] as string[] | undefined) : undefined);
  if (chosen?.head.columns === null && unread?.length && places.size === 0) setPlaces(guessedPlaces(unread.map((each) => ({ name: each, sample: "" }))));

  const run = useMutation({
    mutationFn: ({ file }: Chosen) => {
      abort.current = new AbortController();
      return sendImport({ project, dataset, file, query, message: `Import of ${file.name}`.slice(0, 500), signal: abort.current.signal, tell: setProgress });
    },
    onSuccess: ({ answer }) => {
      const before = latest.data === undefined ? undefined : (latest.data?.revision ?? 0);
      const made = answer.dataset_revision;
      for (const key of ["items", "stats", "latest", "datasets", "revisions"]) void client.invalidateQueries({ queryKey: [key] });
      const action = before !== undefined && made !== null && made > before ? { label: "Undo", run: () => void undo(project, dataset, made - 1, made, () => void client.invalidateQueries()) } : undefined;
      toast(`Imported: ${plural(answer.created, "item")} created${answer.updated ? `, ${plural(answer.updated, "item")} updated` : ""}${answer.archived ? `, ${plural(answer.archived, "item")} archived` : ""}.`, { action });
      leave();
    },
    onSettled: () => setProgress(null),
  });
  const refusal = run.error ?? trial.error;
  const rowErrors = trial.data?.answer.errors ?? (refusal instanceof APIError ? rowErrorsOf(refusal) : []);
  const isReady = trial.data !== undefined && rowErrors.length === 0 && !clash;
  const columns: readonly FileColumn[] = chosen?.head.columns ?? [...places.keys()].map((each) => ({ name: each, sample: "" }));
  const cancelled = run.error instanceof DOMException && run.error.name === "AbortError";

  return (
    <Shell
      project={project}
      dataset={dataset}
      place="Import"
      actions={
        <Button kind="ghost" shortcut="Esc" onClick={leave}>
          Close
        </Button>
      }
    >
      <main className="page importing">
        {problem !== null && <ErrorNotice error={problem} />}
        {!chosen ? (
          <DropZone onFile={(file) => void choose(file)} />
        ) : (
          <div className="halves">
            <div>
              <MappingCard file={chosen.file} head={chosen.head} columns={columns} places={places} clash={clash} onChange={setPlaces} onOther={() => setChosen(null)} hints={trial.data?.answer.hints ?? []} />
              <OptionsCard head={chosen.head} places={places} options={options} onChange={setOptions} archived={trial.data?.answer.archived} />
            </div>
            <OutcomeCard project={project} dataset={dataset} trial={trial.data ?? null} busy={trial.isFetching || run.isPending} progress={progress} errors={rowErrors} refusal={cancelled ? null : refusal} isSmall={isSmall || asked === name} onAsk={() => setAsked(name)} />
          </div>
        )}
      </main>
      {chosen && (
        <footer className="foot">
          <span className="dim">{footNote(rowErrors.length, cancelled, latest.data?.revision ?? null)}</span>
          <span className="space" />
          {run.isPending && <Button onClick={() => abort.current?.abort()}>Cancel</Button>}
          <Button kind="primary" disabled={!isReady || run.isPending} onClick={() => run.mutate(chosen)}>
            {run.isPending ? "Importing …" : trial.data ? `Import ${plural(trial.data.answer.rows, "row")}` : "Import"}
          </Button>
        </footer>
      )}
    </Shell>
  );
}

/** In a dataset that has items a known name means the same item, so that nothing is there twice. */
function matchFor(places: readonly Place[], hasItems: boolean): Options["match"] {
  if (places.includes("id")) return "id";
  return hasItems && places.includes("ref_source_id") ? "ref_source_id" : "";
}

function footNote(errors: number, cancelled: boolean, revision: number | null): string {
  if (cancelled) return "Cancelled. Nothing was stored, unless it had just finished: look at the list of revisions.";
  if (errors) return `${plural(errors, "row has an error", "rows have errors")}: nothing is imported until they are right.`;
  return revision === null ? "All of it in one revision." : `All of it is one revision, r${revision + 1}; undo it by rolling back to r${revision}.`;
}
