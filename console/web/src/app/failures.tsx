// Addresses that lead nowhere, and pages that failed.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Empty, ErrorNotice } from "../ui/Notice";

export function NotFound(): ReactNode {
  return (
    <main className="page">
      <Empty title="No page has this address">
        <p>
          <Link to="/">Go to the datasets</Link>
        </p>
      </Empty>
    </main>
  );
}

export function PageError({ error, reset }: { error: unknown; reset?: () => void }): ReactNode {
  return (
    <main className="page">
      <ErrorNotice error={error} onRetry={reset} />
    </main>
  );
}
