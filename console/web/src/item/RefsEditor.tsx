// Where an item came from, for editing. Empty is null, as long as it was not an empty text before.

import type { ReactNode } from "react";
import { REF_FIELDS, type RefField } from "../items/item";

const LABELS: Readonly<Record<RefField, string>> = { ref_source_id: "source id", ref_trace_id: "trace", ref_timestamp: "time" };

type Refs = Readonly<Record<RefField, string | null>>;

export function RefsEditor({ refs, onChange }: { refs: Refs; onChange: (refs: Refs) => void }): ReactNode {
  return (
    <section className="field">
      <h3>Source</h3>
      <dl className="members asform">
        {REF_FIELDS.map((field) => (
          <div key={field} className="short">
            <dt>{LABELS[field]}</dt>
            <dd>
              <input
                className="mono"
                aria-label={LABELS[field]}
                value={refs[field] ?? ""}
                placeholder={field === "ref_timestamp" ? "2026-11-29T12:00:00Z" : ""}
                spellCheck={false}
                onChange={(event) => onChange({ ...refs, [field]: event.target.value || null })}
              />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
