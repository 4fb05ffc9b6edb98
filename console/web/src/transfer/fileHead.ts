// What a file is, and which columns it has: told from its first bytes, before anything is sent.

import { elementsOf, kindOf, membersOf, rawOf, sliceOf, stringOf, type Slice } from "../json/slice";
import { problemOf } from "../json/check";

export type Format = "jsonl" | "json" | "csv" | "parquet" | "xlsx";

export interface FileColumn {
  readonly name: string;
  /** As it stands in the first row that has it. */
  readonly sample: string;
}

export interface FileHead {
  readonly format: Format;
  readonly packed: boolean;
  /** Null where only the service can read the file. */
  readonly columns: readonly FileColumn[] | null;
  readonly delimiter: string;
}

const HEAD = 262_144;
const MOST_ROWS = 50;
const SAMPLE = 200;

export async function headOf(file: Blob & { name?: string }): Promise<FileHead> {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const starts = (...bytes: number[]): boolean => bytes.every((each, i) => start[i] === each);
  if (starts(0x50, 0x41, 0x52, 0x31)) return { format: "parquet", packed: false, columns: null, delimiter: "," };
  if (starts(0x50, 0x4b, 3, 4)) return { format: "xlsx", packed: false, columns: null, delimiter: "," };
  const packed = starts(0x1f, 0x8b);
  const text = packed ? await unpackedHead(file) : await file.slice(0, HEAD).text();
  return { ...textHead(text.replace(/^\ufeff/, ""), file.name ?? "", file.size > HEAD || packed), packed };
}

async function unpackedHead(file: Blob): Promise<string> {
  const reader = file.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (text.length < HEAD) {
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value as BufferSource, { stream: true });
  }
  await reader.cancel();
  return text;
}

export function textHead(text: string, name: string, isCut: boolean): Omit<FileHead, "packed"> {
  const bare = name.toLowerCase().replace(/\.gz$/, "");
  const first = text.trimStart()[0];
  if (/\.(csv|tsv|txt)$/.test(bare) || (first !== "{" && first !== "[")) return csvHead(text, isCut);
  if (first === "[") return { format: "json", columns: columnsOfObjects(wholeElements(text, isCut)), delimiter: "," };
  const lines = text.split("\n").filter((line) => line.trim());
  if (isCut) lines.pop();
  const objects = lines.slice(0, MOST_ROWS).filter((line) => !problemOf(line)).map(sliceOf);
  return { format: "jsonl", columns: columnsOfObjects(objects), delimiter: "," };
}

/** The elements of an array that may be cut off in the middle of one. */
function wholeElements(text: string, isCut: boolean): Slice[] {
  const start = text.indexOf("[");
  const elements = elementsOf({ text, start, end: text.length + (isCut ? 1 : 0) }, MOST_ROWS);
  return elements.filter((each) => !problemOf(rawOf(each)));
}

function columnsOfObjects(objects: readonly Slice[]): FileColumn[] {
  const samples = new Map<string, string>();
  for (const object of objects) {
    if (kindOf(object) !== "object") continue;
    for (const { key, value } of membersOf(object)) {
      if (!samples.get(key)) samples.set(key, (stringOf(value) ?? rawOf(value)).slice(0, SAMPLE));
    }
  }
  return [...samples].map(([name, sample]) => ({ name, sample }));
}

function csvHead(text: string, isCut: boolean): Omit<FileHead, "packed"> {
  const delimiter = delimiterOf(text);
  const rows = csvRows(text, delimiter, MOST_ROWS);
  if (isCut && rows.length > 1 && rows.length < MOST_ROWS) rows.pop();
  const [names = [], ...rest] = rows;
  const columns = names.map((name, i) => ({ name: name.trim(), sample: (rest.find((row) => row[i])?.[i] ?? "").slice(0, SAMPLE) }));
  return { format: "csv", columns, delimiter };
}

/** What stands most often outside quotes in the first line. */
function delimiterOf(text: string): string {
  const counts = [",", ";", "\t", "|"].map((each) => [each, (csvRows(text, each, 1)[0] ?? []).length] as const);
  return counts.reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}

export function csvRows(text: string, delimiter: string, limit: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const endRow = (): void => {
    row.push(cell);
    if (row.length > 1 || cell !== "") rows.push(row);
    row = [];
    cell = "";
  };
  for (let i = 0; i < text.length && rows.length < limit; i++) {
    const each = text[i] as string;
    if (quoted) {
      if (each !== '"') cell += each;
      else if (text[i + 1] === '"') cell += text[i++] as string;
      else quoted = false;
    } else if (each === '"' && cell === "") quoted = true;
    else if (each === delimiter) {
      row.push(cell);
      cell = "";
    } else if (each === "\n") endRow();
    else if (each !== "\r") cell += each;
  }
  if (rows.length < limit && (cell || row.length)) endRow();
  return rows;
}
