// The schema of one field.

import { Suspense, lazy, useState, type ReactNode } from "react";
import type { Envelope } from "../api/errors";
import { FIELD_LABELS } from "../item/Content";
import { placeIn } from "../item/placeIn";
import type { JSONField } from "../items/item";
import { lineOf, problemOf } from "../json/check";
import { Button } from "../ui/Button";
import { Loading } from "../ui/Notice";

const JSONEditor = lazy(() => import("../item/JSONEditor"));

interface Props {
  field: JSONField;
  text: string;
  isChanged: boolean;
  refusal: Envelope | null;
  onChange: (text: string) => void;
}

export function SchemaCard({ field, text, isChanged, refusal, onChange }: Props): ReactNode {
  const [isOpen, setOpen] = useState(text !== "");
  const problem = text.trim() ? problemOf(text) : null;
  const mark = refusal ? placeIn(text, field, refusal.attr) : null;
  return (
    <section className="card" aria-label={FIELD_LABELS[field]}>
      <h2>
        {FIELD_LABELS[field]} <code className="dim">{field}</code>
        {isChanged && <span className="dirty">edited</span>}
        {!isOpen && <span className="dim">may be anything</span>}
        <span className="space" />
        {isOpen ? (
          <Button kind="ghost" onClick={() => { onChange(""); setOpen(false); }}>
            Remove
          </Button>
        ) : (
          <Button kind="ghost" onClick={() => { onChange('{\n  "type": "object"\n}'); setOpen(true); }}>
            Write a schema
          </Button>
        )}
      </h2>
      {isOpen && (
        <Suspense fallback={<Loading what="the editor" />}>
          <JSONEditor label={`Schema of ${field}`} text={text} onChange={onChange} mark={problem?.at ?? mark} isWrong={problem !== null || refusal !== null} />
        </Suspense>
      )}
      {problem && (
        <p className="cardnote bad" role="alert">
          Line {lineOf(text, problem.at)}: {problem.message}
        </p>
      )}
      {refusal && (
        <p className="cardnote bad" role="alert">
          {mark === null ? <code>{refusal.attr}</code> : `Line ${lineOf(text, mark)}`}: {refusal.detail}
        </p>
      )}
    </section>
  );
}
