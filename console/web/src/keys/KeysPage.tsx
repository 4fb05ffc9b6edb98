// The personal API keys of whoever is signed in: what each may do, when it was used; made, rolled and revoked here.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { keys as keysQuery, type APIKey } from "../api/keys";
import { Shell } from "../app/Shell";
import { Button } from "../ui/Button";
import { Empty, ErrorNotice, Loading } from "../ui/Notice";
import { useShortcuts } from "../ui/shortcuts";
import { AgentsAddress } from "./AgentsAddress";
import { KeyTable } from "./KeyTable";
import { NewKeyDialog } from "./NewKeyDialog";
import { RevokeDialog, RollDialog } from "./KeyDialogs";
import { KeyShown } from "./KeyShown";

export type Open = { readonly what: "new" } | { readonly what: "roll" | "revoke" | "shown"; readonly key: APIKey };

export function KeysPage(): ReactNode {
  const client = useQueryClient();
  const query = useQuery(keysQuery);
  const [open, setOpen] = useState<Open | null>(null);
  useShortcuts({ n: () => setOpen({ what: "new" }) });
  const close = (): void => setOpen(null);
  const refresh = (): void => void client.invalidateQueries({ queryKey: keysQuery.queryKey });
  const made = (key: APIKey): void => {
    refresh();
    setOpen({ what: "shown", key });
  };
  return (
    <Shell
      place="API keys"
      actions={
        <Button kind="primary" shortcut="N" onClick={() => setOpen({ what: "new" })}>
          New key
        </Button>
      }
    >
      <main className="page flush">
        {query.error ? (
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : !query.data ? (
          <Loading what="keys" />
        ) : query.data.length ? (
          <KeyTable keys={query.data} onOpen={setOpen} />
        ) : (
          <Empty title="No key">
            <p>Programs sign in with a key. Make one for each, so that each can be revoked by itself.</p>
          </Empty>
        )}
        <AgentsAddress />
      </main>
      {open?.what === "new" && <NewKeyDialog onClose={close} onMade={made} />}
      {open?.what === "roll" && <RollDialog apiKey={open.key} onClose={close} onMade={made} />}
      {open?.what === "revoke" && <RevokeDialog apiKey={open.key} onClose={close} onDone={refresh} />}
      {open?.what === "shown" && <KeyShown apiKey={open.key} onClose={close} />}
    </Shell>
  );
}
