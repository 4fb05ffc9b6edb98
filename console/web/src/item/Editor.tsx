// Edits an item. What is not touched stays to the letter; what somebody else has written meanwhile is never overwritten.

import { useMutation } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { APIError } from "../api/errors";
import { patchItem, readItem, type VersionedItem } from "../api/items";
import { JSON_FIELDS, REF_FIELDS, type JSONField } from "../items/item";
import { rawOf } from "../json/slice";
import { Button } from "../ui/Button";
import { ErrorNotice } from "../ui/Notice";
import { plural } from "../ui/format";
import { useShortcuts } from "../ui/shortcuts";
import { toast } from "../ui/toasts";
import { Conflict } from "./Conflict";
import { FIELD_LABELS } from "./Content";
import { FieldEditor } from "./FieldEditor";
import { RefsEditor } from "./RefsEditor";
import { bodyOf, changedFields, draftOf, keepDraft, keptDraft, withText, type Draft } from "./draft";

interface Props {
  project: string;
  current: VersionedItem;
  onWritten: (made: VersionedItem) => void;
  onClose: () => void;
}

export function Editor({ project, current, onWritten, onClose }: Props): ReactNode {
  const id = current.item.id;
  const [draft, setDraft] = useState<Draft>(() => keptDraft(id) ?? draftOf(current));
  const [problems, setProblems] = useState<Partial<Record<JSONField, string>>>({});
  const [theirs, setTheirs] = useState<VersionedItem | null>(null);
  useEffect(() => keepDraft(id, draft), [id, draft]);
  const changed = changedFields(draft);
  const isBroken = Object.values(problems).some(Boolean);

  const save = useMutation({
    mutationFn: (made: Draft) => patchItem(project, id, bodyOf(made), made.base.etag),
    onSuccess: (made) => {
      keepDraft(id, null);
      toast(`Saved as version ${made.version}.`);
      onWritten(made);
      onClose();
    },
    onError: async (error) => {
      if (error instanceof APIError && error.status === 412) setTheirs(await readItem(project, id));
    },
  });
  const close = (): void => {
    keepDraft(id, null);
    onClose();
  };
  const trySave = (): void => {
    if (!changed.length) close();
    else if (!isBroken && !save.isPending) save.mutate(draft);
  };
  useShortcuts({ "Mod+Enter": trySave, "Mod+s": trySave });
  const refusal = save.error instanceof APIError && save.error.status !== 412 ? save.error : null;

  if (theirs)
    return (
      <Conflict
        draft={draft}
        theirs={theirs}
        onMerged={(merged) => {
          setDraft(merged);
          setTheirs(null);
          if (changedFields(merged).length) save.mutate(merged);
          else close();
        }}
        onClose={() => setTheirs(null)}
      />
    );
  return (
    <>
      <div className="fields editing" role="tabpanel" aria-label="Edit">
        {JSON_FIELDS.map((field) => (
          <FieldEditor
            key={field}
            label={FIELD_LABELS[field]}
            name={field}
            original={rawOf(draft.base.item[field])}
            text={draft.json[field]}
            refusal={refusal && belongsTo(refusal, field) ? refusal.envelope : null}
            onChange={(text, problem) => {
              setDraft((before) => withText(before, field, text));
              setProblems((before) => ({ ...before, [field]: problem ?? "" }));
            }}
          />
        ))}
        <RefsEditor refs={draft.refs} onChange={(refs) => setDraft({ ...draft, refs })} />
        {save.error && !(refusal && [...JSON_FIELDS, ...REF_FIELDS].some((field) => JSON_FIELDS.includes(field as JSONField) && belongsTo(refusal, field))) && !(save.error instanceof APIError && save.error.status === 412) && (
          <ErrorNotice error={save.error} />
        )}
      </div>
      <footer>
        <span className={changed.length ? "dirty" : "dim"}>{isBroken ? "Correct the JSON first" : changed.length ? `${plural(changed.length, "field")} edited` : "Nothing edited"}</span>
        <span className="space" />
        <Button onClick={close}>{changed.length || isBroken ? "Discard" : "Cancel"}</Button>
        <Button kind="primary" shortcut="Mod+Enter" onClick={trySave} disabled={isBroken || save.isPending || !changed.length}>
          {save.isPending ? "Saving …" : "Save"}
        </Button>
      </footer>
    </>
  );
}

export const belongsTo = (error: APIError, field: string): boolean => error.envelope.attr === field || Boolean(error.envelope.attr?.startsWith(`${field}.`));
