// An address of a dataset that the key cannot reach, or that is gone.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { APIError } from "../api/errors";
import { Empty } from "../ui/Notice";

export const isUnknown = (error: unknown): boolean => error instanceof APIError && error.status === 404;

export function NotHere({ project }: { project: string }): ReactNode {
  return (
    <div role="alert">
      <Empty title="No dataset is here">
        <p>It was erased, or it is in a project that your key does not reach.</p>
        <Link className="button" to="/projects/$project/datasets" params={{ project }} search={{}}>
          Go to the datasets
        </Link>
      </Empty>
    </div>
  );
}
