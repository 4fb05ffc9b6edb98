// Sends a file, and follows how far the service is with it.

import { errorOf, type APIError } from "../api/errors";
import { authorized, headerText, urlOf, type Query } from "../api/http";
import { datasetPath } from "../api/datasets";

export interface RowError {
  readonly row: number;
  readonly line?: number | null;
  readonly attr: string | null;
  readonly code: string;
  readonly detail: string;
}

/** A row and its item: an item that the file lacks has no row, and one that would be created no id. */
export interface Example {
  readonly status: "created" | "updated" | "unchanged" | "skipped" | "archived";
  readonly row: number | null;
  readonly line: number | null;
  readonly id: string | null;
  readonly ref_source_id: string | null;
  readonly fields: readonly string[];
}

export interface ImportAnswer {
  readonly dry_run?: boolean;
  readonly rows: number;
  readonly created: number;
  readonly updated?: number;
  readonly unchanged?: number;
  readonly skipped?: number;
  readonly archived?: number;
  readonly errors: readonly RowError[];
  /** The first of each kind, in a dry run. */
  readonly examples?: readonly Example[];
  readonly dataset_revision: number | null;
  readonly ignored_columns?: readonly string[];
  readonly hints?: readonly { readonly column: string; readonly target: string }[];
}

export interface Progress {
  readonly bytes: number;
  readonly total_bytes: number;
  readonly rows: number;
  readonly stored: number;
}

export interface Sent {
  readonly answer: ImportAnswer;
  /** The text of the answer, in which the rows of the preview are as they would be stored. */
  readonly text: string;
}

interface Sending {
  readonly project: string;
  readonly dataset: string;
  readonly file: Blob;
  readonly query: Query;
  readonly message?: string;
  readonly signal: AbortSignal;
  readonly tell: (progress: Progress) => void;
}

export async function sendImport({ project, dataset, file, query, message, signal, tell }: Sending): Promise<Sent> {
  const headers: Record<string, string> = { Accept: "application/x-ndjson", "Content-Type": "application/octet-stream" };
  if (message) headers["Revision-Message"] = headerText(message);
  const made = new Request(urlOf(`${datasetPath(project, dataset)}/import/`, query), { method: "POST", headers, body: file, signal });
  const response = await authorized(made);
  const last = await lastLine(response, tell);
  const status = Number(/^\{"status":\s*(\d+)/.exec(last)?.[1] ?? response.status);
  const text = /^\{"status"/.test(last) ? last.replace(/^\{"status":\s*\d+,\s*"body":\s*/, "").replace(/\}\s*$/, "") : last;
  if (status >= 400) throw errorOf(status, text, response.headers);
  return { answer: JSON.parse(text) as ImportAnswer, text };
}

/** Lines of progress as they come; the last is the answer. */
async function lastLine(response: Response, tell: (progress: Progress) => void): Promise<string> {
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  let last = "";
  for (;;) {
    const { value, done } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = done ? "" : (lines.pop() ?? "");
    for (const line of lines.filter(Boolean)) {
      if (line.startsWith('{"progress"')) tell((JSON.parse(line) as { progress: Progress }).progress);
      else last = last ? `${last}\n${line}` : line;
    }
    if (done) return last;
  }
}

export const rowErrorsOf = (error: APIError): readonly RowError[] => (error.envelope["errors"] as RowError[] | undefined) ?? [];
