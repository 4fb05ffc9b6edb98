// Asks for a personal API key, and tries it before it is kept.

import { useState, type FormEvent, type ReactNode } from "react";
import { errorOf } from "../api/errors";
import { urlOf } from "../api/http";
import { signIn } from "../session";
import { Button } from "../ui/Button";
import { ErrorNotice } from "../ui/Notice";

export function SignIn(): ReactNode {
  const [value, setValue] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await tryKey(value.trim());
      signIn(value.trim());
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="signin">
      <form onSubmit={(event) => void submit(event)}>
        <h1>Datasets</h1>
        <label htmlFor="key">Personal API key</label>
        <input
          id="key"
          type="password"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          placeholder="phx_…"
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <p className="dim">The key stays in this tab, and is gone when you close it. Whoever runs the service can make one for you.</p>
        {error !== null && <ErrorNotice error={error} />}
        <Button kind="primary" type="submit" disabled={!value.trim() || busy}>
          {busy ? "Trying the key …" : "Sign in"}
        </Button>
      </form>
    </main>
  );
}

/** Refused with the service's own words; a key without the scope to read people still is a key. */
async function tryKey(value: string): Promise<void> {
  if (!/^[\x21-\x7e]+$/.test(value)) throw new Error("A key has letters, digits and _ alone: copy it again.");
  const response = await fetch(urlOf("/api/users/@me/"), { headers: { Authorization: `Bearer ${value}` }, credentials: "omit" });
  if (response.ok || response.status === 403) return;
  throw errorOf(response.status, await response.text(), response.headers);
}
