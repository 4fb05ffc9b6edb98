// Copies a text, and says that it did.

import { useEffect, useState, type ReactNode } from "react";
import { Button } from "./Button";

export function CopyButton({ text, name, children = "Copy" }: { text: string | (() => string); name: string; children?: ReactNode }): ReactNode {
  const [state, setState] = useState<"" | "copied" | "failed">("");
  useEffect(() => {
    if (!state) return;
    const timer = setTimeout(() => setState(""), 1500);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (): void => {
    const value = typeof text === "function" ? text() : text;
    void writeClipboard(value).then((done) => setState(done ? "copied" : "failed"));
  };
  return (
    <Button kind="ghost" onClick={copy} aria-label={state ? undefined : `${typeof children === "string" ? children : "Copy"} ${name}`}>
      {state === "copied" ? "Copied" : state === "failed" ? "Select and copy by hand" : children}
    </Button>
  );
}

/** The clipboard's interface exists on HTTPS and localhost alone. */
async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
