// An address of a dataset that the key cannot reach, or that is gone.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { APIError } from "../api/errors";

export const isUnknown = (error: unknown): boolean => error instanceof APIError && error.status === 404;

export function NotHere({ project }: { project: string }): ReactNode {
  return (
    <div className="notice bad" role="alert">
      <b>No dataset is here.</b> It was erased, or it is in a project that your key does not reach.{" "}
      <Link to="/projects/$project/datasets" params={{ project }} search={{}}>
        Go to the datasets
      </Link>
    </div>
  );
}
