// Takes what is shown along as a file.

import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { authorized, urlOf, type Query } from "../api/http";
import { datasetPath } from "../api/datasets";
import { errorOf } from "../api/errors";
import { conditionsOf } from "../bulk/target";
import type { Selection } from "../items/selection";
import { rawOf } from "../json/slice";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { ErrorNotice } from "../ui/Notice";
import { plural } from "../ui/format";
import { saveFile } from "./saveFile";

interface Props {
  project: string;
  dataset: string;
  query: Query;
  count: number | undefined;
  selection?: Selection | undefined;
}

const FORMATS = [
  ["jsonl", "JSON Lines", "One item per line; every digit and the order of keys"],
  ["csv", "CSV", "For spreadsheets; values are JSON in the cells"],
  ["parquet", "Parquet", "For pandas, DuckDB and the like; the smallest"],
] as const;

// Which state of the dataset is meant, beside the conditions that ids replace.
const STATE = new Set(["deleted", "revision", "as_of"]);
// More ids make an address that is too long.
const MOST_IDS = 150;

export function ExportSheet(props: Props): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Export</Button>
      {open && <ExportDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

export function ExportDialog({ project, dataset, query, count, selection, onClose }: Props & { onClose: () => void }): ReactNode {
  const [format, setFormat] = useState<string>("jsonl");
  const ticked = selection?.kind === "some" ? [...selection.items.values()] : null;
  const conditions = conditionsOf(query);
  const past = conditions["revision"] ?? conditions["as_of"];
  const isTooMany = ticked !== null && ticked.length > MOST_IDS && format !== "jsonl";
  const run = useMutation({
    mutationFn: async () => {
      // What is ticked has been read already; more than an address can name is written down from that.
      if (ticked && ticked.length > MOST_IDS) return saveFile(new Blob(ticked.map((each) => `${rawOf(each.source)}\n`)), "items.jsonl");
      const rest = Object.fromEntries(Object.entries(conditions).filter(([name]) => name !== "dataset"));
      const state = Object.fromEntries(Object.entries(rest).filter(([name]) => STATE.has(name)));
      const asked = ticked ? { id__in: ticked.map((each) => each.id).join(","), ...state } : rest;
      const response = await authorized(new Request(urlOf(`${datasetPath(project, dataset)}/export/`, { export_format: format, ...asked })));
      if (!response.ok) throw errorOf(response.status, await response.text(), response.headers);
      saveFile(await response.blob(), nameOf(response.headers.get("content-disposition")) ?? `items.${format}`);
    },
    onSuccess: onClose,
  });
  return (
    <Dialog title={count === undefined ? "Export" : `Export ${plural(count, "item")}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        <p className="dim">
          {ticked ? "The items that you have selected" : Object.keys(conditions).length > 1 ? "The items that the table shows" : "All items of the dataset"}
          {past ? `, as they were at ${past}` : ""}, oldest first. Imported again, the file gives the same items.
        </p>
        {FORMATS.map(([value, label, what]) => (
          <label key={value} className="check">
            <input type="radio" name="format" checked={format === value} onChange={() => setFormat(value)} />
            <span>
              <b>{label}</b> <span className="dim">{what}</span>
            </span>
          </label>
        ))}
        {isTooMany && <p className="dirty">So many ticked items go into JSON Lines only; or select all that match.</p>}
        {run.error && <ErrorNotice error={run.error} />}
        <footer>
          <span className="space" />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={run.isPending || isTooMany}>
            {run.isPending ? "Exporting …" : "Download"}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** The name in a Content-Disposition, the encoded one first. */
export function nameOf(header: string | null): string | null {
  const encoded = /filename\*=(?:UTF-8|utf-8)''([^;]+)/.exec(header ?? "")?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="([^"]+)"/.exec(header ?? "")?.[1] ?? null;
}
