// The trace that an item came from: a link, once somebody has said where traces are.

import { useState, type ReactNode } from "react";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { usePreference } from "../ui/preferences";

/** Only web addresses: a template could otherwise hold a script. */
export function traceUrl(template: string | null, id: string): string | null {
  if (!template?.includes("{id}")) return null;
  try {
    const url = new URL(template.replaceAll("{id}", encodeURIComponent(id)));
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

export function TraceLink({ id }: { id: string }): ReactNode {
  const [template, setTemplate] = usePreference("trace");
  const [open, setOpen] = useState(false);
  const url = traceUrl(template, id);
  return (
    <>
      {url ? (
        <a href={url} target="_blank" rel="noreferrer noopener">
          {id}
        </a>
      ) : (
        id
      )}{" "}
      <Button kind="ghost" onClick={() => setOpen(true)}>
        {url ? "Change link" : "Link to traces"}
      </Button>
      {open && <TemplateDialog before={template ?? ""} onSave={setTemplate} onClose={() => setOpen(false)} />}
    </>
  );
}

function TemplateDialog({ before, onSave, onClose }: { before: string; onSave: (template: string | null) => void; onClose: () => void }): ReactNode {
  const [text, setText] = useState(before);
  const works = traceUrl(text, "example") !== null;
  return (
    <Dialog title="Link to traces" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          onSave(text.trim() || null);
          onClose();
        }}
      >
        <label>
          Address, with {"{id}"} where the trace&apos;s id goes
          <input autoFocus value={text} placeholder="https://traces.example.com/{id}" onChange={(event) => setText(event.target.value)} />
        </label>
        <p className="dim">It is kept in this browser.</p>
        <footer>
          <span className="space" />
          <Button kind="primary" type="submit" disabled={text.trim() !== "" && !works}>
            Save
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
