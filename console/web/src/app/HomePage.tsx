// The first address: on to the project of last time, or the person's own.

import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { projects } from "../api/datasets";
import { Empty, ErrorNotice, Loading } from "../ui/Notice";
import { readPreference } from "../ui/preferences";
import { Shell } from "./Shell";

export function HomePage(): ReactNode {
  const { data, error, refetch } = useQuery(projects);
  const last = data?.results.find((each) => String(each.id) === readPreference("project")) ?? data?.results[0];
  if (last) return <Navigate to="/projects/$project/datasets" params={{ project: String(last.id) }} replace />;
  return (
    <Shell>
      <main className="page">
        {error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : data ? <NoProject /> : <Loading what="projects" />}
      </main>
    </Shell>
  );
}

function NoProject(): ReactNode {
  return (
    <Empty title="This key reaches no project">
      <p>Ask whoever runs the service to add you to one, or sign in with another key.</p>
    </Empty>
  );
}
