// Writes a new item, in the shape that the others of the dataset have.

import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { APIError } from "../api/errors";
import { createItem } from "../api/items";
import { JSON_FIELDS, type Item, type JSONField, type RefField } from "../items/item";
import { inStyleOf } from "../json/format";
import { kindOf, membersOf, sliceOf, type Slice } from "../json/slice";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { ErrorNotice } from "../ui/Notice";
import { FIELD_LABELS } from "./Content";
import { belongsTo } from "./Editor";
import { FieldEditor } from "./FieldEditor";
import { RefsEditor } from "./RefsEditor";

/** The same keys, with nothing in them. */
export function emptyLike(slice: Slice, depth = 0): string {
  const kind = kindOf(slice);
  if (kind === "string") return '""';
  if (kind === "object" && depth < 3) {
    return `{${membersOf(slice, 60).map(({ key, value }) => `${JSON.stringify(key)}: ${emptyLike(value, depth + 1)}`).join(", ")}}`;
  }
  if (kind === "array" && depth < 2) return "[]";
  return "null";
}

interface Props {
  project: string;
  dataset: string;
  like: Item | undefined;
  onClose: () => void;
  onMade: (item: Item) => void;
}

export function NewItem({ project, dataset, like, onClose, onMade }: Props): ReactNode {
  const [start] = useState(() => Object.fromEntries(JSON_FIELDS.map((field) => [field, like ? inStyleOf(like[field], sliceOf(emptyLike(like[field]))) : field === "input" ? '""' : "null"])) as Record<JSONField, string>);
  const [json, setJSON] = useState(start);
  const [refs, setRefs] = useState<Readonly<Record<RefField, string | null>>>({ ref_source_id: null, ref_trace_id: null, ref_timestamp: null });
  const [problems, setProblems] = useState<Partial<Record<JSONField, string>>>({});
  const create = useMutation({
    mutationFn: () => {
      const members = [...JSON_FIELDS.map((field) => [field, json[field]] as const), ...Object.entries(refs).map(([name, value]) => [name, JSON.stringify(value)] as const)];
      return createItem(project, `{"dataset":${JSON.stringify(dataset)},${members.map(([name, raw]) => `"${name}":${raw}`).join(",")}}`);
    },
    onSuccess: (made) => onMade(made.item),
  });
  const refusal = create.error instanceof APIError ? create.error : null;
  const isBroken = Object.values(problems).some(Boolean);
  return (
    <Dialog title="New item" onClose={onClose} wide keep={json !== start}>
      <form
        className="newitem"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && !isBroken) create.mutate();
        }}
      >
        <div className="fields editing">
          {JSON_FIELDS.map((field) => (
            <FieldEditor
              key={field}
              label={FIELD_LABELS[field]}
              name={field}
              original={start[field]}
              text={json[field]}
              refusal={refusal && belongsTo(refusal, field) ? refusal.envelope : null}
              onChange={(text, problem) => {
                setJSON((before) => ({ ...before, [field]: text }));
                setProblems((before) => ({ ...before, [field]: problem ?? "" }));
              }}
            />
          ))}
          <RefsEditor refs={refs} onChange={setRefs} />
          {refusal && !JSON_FIELDS.some((field) => belongsTo(refusal, field)) && <ErrorNotice error={refusal} />}
          {create.error && !refusal && <ErrorNotice error={create.error} />}
        </div>
        <footer>
          <span className="space" />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" shortcut="Mod+Enter" disabled={isBroken || create.isPending}>
            Create
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
