// A bulk action in two steps: first what it would do, then doing it, in as many parts as it takes.

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { total, type Outcome } from "./target";

interface Steps<Plan> {
  /** Names the plan: another name is tried again. */
  readonly name: string;
  readonly enabled?: boolean;
  readonly prepare: (tell: (text: string) => void) => Promise<Plan>;
  /** The parts of a plan, each of which is one request. */
  readonly parts: (plan: Plan) => readonly ((dryRun: boolean) => Promise<Outcome>)[];
  readonly onDone: (outcome: Outcome, revisions: readonly number[]) => void;
}

export function useBulk<Plan>({ name, enabled = true, prepare, parts, onDone }: Steps<Plan>) {
  const [progress, setProgress] = useState("");
  const trial = useQuery({
    queryKey: ["bulk", name],
    queryFn: async () => {
      const plan = await prepare(setProgress);
      const outcomes: Outcome[] = [];
      for (const part of parts(plan)) outcomes.push(await part(true));
      return { plan, outcome: total(outcomes) };
    },
    enabled,
    gcTime: 0,
    staleTime: 0,
    retry: false,
  });
  const run = useMutation({
    mutationFn: async () => {
      const outcomes: Outcome[] = [];
      const all = parts((trial.data as { plan: Plan }).plan);
      for (const [i, part] of all.entries()) {
        if (all.length > 1) setProgress(`Part ${i + 1} of ${all.length} …`);
        outcomes.push(await part(false));
      }
      return outcomes;
    },
    onSuccess: (outcomes) => {
      const revisions = outcomes.filter((each) => each.updated > 0 && each.revision !== null).map((each) => each.revision as number);
      onDone(total(outcomes), revisions);
    },
  });
  return { trial, run, progress };
}
