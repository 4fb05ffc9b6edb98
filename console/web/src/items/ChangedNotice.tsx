// Somebody has written since the table was read: it stays as it is until one asks.

import type { ReactNode } from "react";
import type { Revision } from "../api/datasets";
import { Button } from "../ui/Button";
import { ago, personName } from "../ui/format";

export function ChangedNotice({ shown, latest, onRefresh }: { shown: number | null; latest: Revision | null; onRefresh: () => void }): ReactNode {
  if (shown === null || !latest || latest.revision <= shown) return null;
  return (
    <div className="banner" role="status">
      {personName(latest.created_by)} changed this dataset {ago(latest.created_at)}: you see r{shown}, the latest is r{latest.revision}.
      <Button kind="ghost" onClick={onRefresh}>
        Show the latest
      </Button>
    </div>
  );
}
