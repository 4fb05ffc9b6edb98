// The address of a page: its query is the API's own query, and a few words that are the console's.

export type Search = Readonly<Record<string, string>>;

/** Only for the page; everything else in the query goes to the API as it stands. */
const PAGE_ONLY = new Set(["columns", "item", "tab", "rows", "version", "dialog"]);

export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== "") parameters.set(name, String(value));
  }
  // Commas, colons and slashes are plain in a query, and links are for people.
  const text = parameters.toString().replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%2F/g, "/");
  return text ? `?${text}` : "";
}

export function apiQueryOf(search: Search): Record<string, string> {
  return Object.fromEntries(Object.entries(search).filter(([name]) => !PAGE_ONLY.has(name)));
}

const SUBJECTS = ["metadata", "input", "output"] as const;
const PATH_OPERATORS = ["ne", "in", "gt", "gte", "lt", "lte", "exists", "icontains"] as const;
const TIME_OPERATORS = ["gte", "gt", "lte", "lt"] as const;
export type Operator = "is" | "contains" | (typeof PATH_OPERATORS)[number];

export interface Filter {
  /** The parameter's name in the query. */
  readonly name: string;
  /** As people read it: `metadata.split`, `created`. */
  readonly subject: string;
  readonly operator: Operator;
  readonly value: string;
}

export const OPERATOR_WORDS: Readonly<Record<Operator, string>> = {
  is: "is",
  ne: "is not",
  in: "is one of",
  gt: ">",
  gte: "≥",
  lt: "<",
  lte: "≤",
  exists: "is present",
  icontains: "has the text",
  contains: "contains JSON",
};

const FIXED = ["ref_source_id", "ref_trace_id", "created_by"] as const;

export const operatorsFor = (subject: string): readonly Operator[] => {
  if (subject === "created_at" || subject === "updated_at") return TIME_OPERATORS;
  if (subject === "id") return ["in"];
  if ((FIXED as readonly string[]).includes(subject)) return ["is"];
  return subject.includes(".") ? ["is", ...PATH_OPERATORS] : ["contains"];
};

export function parameterOf(subject: string, operator: Operator): string {
  const dotted = /^(metadata|input|output)\.(.+)$/.exec(subject);
  const name = dotted ? `${dotted[1] as string}__${dotted[2] as string}` : subject;
  return operator === "is" ? name : `${name}__${operator}`;
}

export function filtersOf(search: Search): Filter[] {
  return Object.entries(search).flatMap(([name, value]) => filterOf(name, value) ?? []);
}

function filterOf(name: string, value: string): Filter | null {
  if ((FIXED as readonly string[]).includes(name)) return { name, subject: name, operator: "is", value };
  const [head, ...rest] = name.split("__") as [string, ...string[]];
  if (!rest.length) return null;
  const last = rest.at(-1) as Operator;
  if (head === "created_at" || head === "updated_at" || head === "id") return { name, subject: head, operator: last, value };
  if (!(SUBJECTS as readonly string[]).includes(head)) return null;
  if (rest.length === 1 && last === "contains") return { name, subject: head, operator: "contains", value };
  const hasOperator = rest.length > 1 && (PATH_OPERATORS as readonly string[]).includes(last);
  const path = (hasOperator ? rest.slice(0, -1) : rest).join("__");
  return { name, subject: `${head}.${path}`, operator: hasOperator ? last : "is", value };
}

export interface Column {
  /** A field of the item, or a field and a key in it: `input`, `metadata.split`. */
  readonly id: string;
  readonly pinned: boolean;
}

/** `columns=input.question!,output`: a mark after a name pins it; `~` stands for a comma or mark in a key. */
export function columnsOf(search: Search): Column[] | null {
  const text = search["columns"];
  if (!text) return null;
  return text.split(",").map((each) => ({ id: unescape(each.replace(/!$/, "")), pinned: each.endsWith("!") }));
}

export const columnsText = (columns: readonly Column[]): string =>
  columns.map(({ id, pinned }) => escape(id) + (pinned ? "!" : "")).join(",");

const escape = (text: string): string =>
  text.replace(/[~,!]/g, (each) => ({ "~": "~0", ",": "~1", "!": "~2" })[each] as string);
const unescape = (text: string): string =>
  text.replace(/~[012]/g, (each) => ({ "~0": "~", "~1": ",", "~2": "!" })[each] as string);

/** The revision that is shown; undefined for the present. */
export const isPast = (search: Search): boolean => Boolean(search["revision"] ?? search["as_of"]);
