// An item for reading, and what can be done with it as a whole.

import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { actOnItem, type VersionedItem } from "../api/items";
import { JSON_FIELDS, type Item, type JSONField } from "../items/item";
import { kindOf, rawOf } from "../json/slice";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/Copy";
import { ErrorNotice } from "../ui/Notice";
import { Time } from "../ui/Time";
import { exactTime, personName } from "../ui/format";
import { toast } from "../ui/toasts";
import { TraceLink } from "./TraceLink";
import { RawView, ValueView } from "./ValueView";

export const FIELD_LABELS: Readonly<Record<JSONField, string>> = { input: "Input", output: "Expected output", metadata: "Metadata" };

interface Props {
  project: string;
  item: Item;
  versioned: VersionedItem | null;
  writable: boolean;
  onEdit: (() => void) | null;
  onWritten: (made: VersionedItem) => void;
}

export function Content({ project, item, versioned, writable, onEdit, onWritten }: Props): ReactNode {
  const act = useMutation({
    mutationFn: (action: "archive" | "restore") => actOnItem(project, item.id, action, versioned?.etag ?? ""),
    onSuccess: (made, action) => {
      onWritten(made);
      if (action === "archive") toast("Archived the item.", { action: { label: "Undo", run: () => void actOnItem(project, item.id, "restore", made.etag).then(onWritten) } });
    },
  });
  return (
    <>
      <div className="fields" role="tabpanel" aria-label="Content" tabIndex={0}>
        {JSON_FIELDS.map((field) => (
          <Field key={field} field={field} item={item} />
        ))}
        <Source item={item} />
        {act.error && <ErrorNotice error={act.error} />}
      </div>
      <footer>
        <span className="dim">
          {personName(item.created_by)} · changed <Time at={item.updated_at} />
        </span>
        <span className="space" />
        {writable && versioned && (
          <Button kind={item.deleted ? "plain" : "ghost"} onClick={() => act.mutate(item.deleted ? "restore" : "archive")} disabled={act.isPending}>
            {item.deleted ? "Restore" : "Archive"}
          </Button>
        )}
        {writable && !item.deleted && (
          <Button kind="primary" shortcut="E" onClick={onEdit ?? undefined} disabled={!onEdit}>
            Edit
          </Button>
        )}
      </footer>
    </>
  );
}

function Field({ field, item }: { field: JSONField; item: Item }): ReactNode {
  const [raw, setRaw] = useState(false);
  const value = item[field];
  return (
    <section>
      <h3>
        {FIELD_LABELS[field]} <span className="type">{kindOf(value)}</span>
        <span className="space" />
        <Button kind="ghost" aria-pressed={raw} onClick={() => setRaw(!raw)}>
          Raw
        </Button>
        <CopyButton text={() => rawOf(value)} name={field} />
      </h3>
      {raw ? <RawView value={value} /> : <ValueView value={value} />}
    </section>
  );
}

function Source({ item }: { item: Item }): ReactNode {
  if (item.ref_source_id === null && item.ref_trace_id === null && item.ref_timestamp === null) return null;
  return (
    <section>
      <h3>Source</h3>
      <dl className="members">
        {item.ref_source_id !== null && <Row name="source id">{item.ref_source_id || "(empty)"}</Row>}
        {item.ref_trace_id !== null && (
          <Row name="trace">
            <TraceLink id={item.ref_trace_id} />
          </Row>
        )}
        {item.ref_timestamp !== null && <Row name="time">{exactTime(item.ref_timestamp)}</Row>}
      </dl>
    </section>
  );
}

const Row = ({ name, children }: { name: string; children: ReactNode }): ReactNode => (
  <div className="short">
    <dt>{name}</dt>
    <dd className="mono wrap">{children}</dd>
  </div>
);
