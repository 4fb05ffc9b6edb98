// A key's value, the only time that it is shown.

import type { ReactNode } from "react";
import type { APIKey } from "../api/keys";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/Copy";
import { Dialog } from "../ui/Dialog";

export function KeyShown({ apiKey: { label, value }, onClose }: { apiKey: APIKey; onClose: () => void }): ReactNode {
  return (
    <Dialog title={label} onClose={onClose} keep>
      <div className="form">
        <p>
          This is the key. <b>It is not shown again:</b> copy it to where it is used.
        </p>
        <div className="secret">
          <code>{value}</code>
          <CopyButton text={value ?? ""} name="the key" />
        </div>
        <footer>
          <span className="space" />
          <Button kind="primary" onClick={onClose}>
            I have copied it
          </Button>
        </footer>
      </div>
    </Dialog>
  );
}
