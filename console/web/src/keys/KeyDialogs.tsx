// Rolls and revokes a key. The key of this tab is taken along, or the tab signed out.

import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { isOfThisTab, revokeKey, rollKey, type APIKey } from "../api/keys";
import { signIn, signOut } from "../session";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { ErrorNotice } from "../ui/Notice";
import { toast } from "../ui/toasts";

interface Props {
  apiKey: APIKey;
  onClose: () => void;
}

export function RollDialog({ apiKey, onClose, onMade }: Props & { onMade: (key: APIKey) => void }): ReactNode {
  const isOwn = isOfThisTab(apiKey);
  const run = useMutation({
    mutationFn: () => rollKey(apiKey.id),
    onSuccess: (made) => {
      if (isOwn && made.value) signIn(made.value);
      onMade(made);
    },
  });
  return (
    <Dialog title={`Roll ${apiKey.label}`} onClose={onClose}>
      <Question button="Roll the key" run={run} onClose={onClose}>
        The key gets a new value. The old one stops working at once, wherever it is used.
        {isOwn && " This tab goes on with the new one."}
      </Question>
    </Dialog>
  );
}

export function RevokeDialog({ apiKey, onClose, onDone }: Props & { onDone: () => void }): ReactNode {
  const isOwn = isOfThisTab(apiKey);
  const run = useMutation({
    mutationFn: () => revokeKey(apiKey.id),
    onSuccess: () => {
      onClose();
      if (isOwn) return signOut();
      onDone();
      toast(`Revoked ${apiKey.label}.`);
    },
  });
  return (
    <Dialog title={`Revoke ${apiKey.label}`} onClose={onClose}>
      <Question button="Revoke the key" run={run} onClose={onClose}>
        The key stops working at once, wherever it is used. This cannot be undone.
        {isOwn && " This tab is signed in with it, and will be signed out."}
      </Question>
    </Dialog>
  );
}

interface QuestionProps {
  children: ReactNode;
  button: string;
  run: { error: Error | null; isPending: boolean; mutate: () => void };
  onClose: () => void;
}

function Question({ children, button, run, onClose }: QuestionProps): ReactNode {
  return (
    <div className="form">
      <p>{children}</p>
      {run.error && <ErrorNotice error={run.error} />}
      <footer>
        <span className="space" />
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" disabled={run.isPending} onClick={() => run.mutate()}>
          {button}
        </Button>
      </footer>
    </div>
  );
}
