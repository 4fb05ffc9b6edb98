// Which items would break the schemas: each a link, and what can be done about all of them.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Violation } from "../api/schemas";
import { Button } from "../ui/Button";
import { plural, shortId } from "../ui/format";

interface Props {
  project: string;
  dataset: string;
  detail: string;
  violations: readonly Violation[];
  busy: boolean;
  onEnforceNew: () => void;
}

export function Violations({ project, dataset, detail, violations, busy, onEnforceNew }: Props): ReactNode {
  const ids = [...new Set(violations.map((each) => each.id))];
  return (
    <section className="card violations" role="alert">
      <h2>
        <span className="bad">{detail}</span>
        <span className="dim">Nothing is saved. Correct or archive them, or let them be.</span>
      </h2>
      <div className="pad acts">
        <Link className="button" to="/projects/$project/datasets/$dataset" params={{ project, dataset }} search={{ id__in: ids.join(",") } as never}>
          Show {ids.length === 1 ? "it" : ids.length === 100 ? "the first 100" : `the ${ids.length}`} in the table
        </Link>
        <Button disabled={busy} onClick={onEnforceNew}>
          Save for what is written from now on
        </Button>
      </div>
      <div className="scroll">
        <table className="plain errors">
          <thead>
            <tr>
              <th scope="col">Item</th>
              <th scope="col">Where</th>
              <th scope="col">What is wrong</th>
            </tr>
          </thead>
          <tbody>
            {violations.map(({ id, attr, detail: why }, i) => (
              <tr key={i}>
                <td className="mono">
                  <Link to="/projects/$project/datasets/$dataset" params={{ project, dataset }} search={{ id__in: ids.join(","), item: id } as never}>
                    {shortId(id)}
                  </Link>
                </td>
                <td className="mono">{attr}</td>
                <td>{why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {violations.length >= 100 && <p className="cardnote">The service names the first {plural(100, "item")}.</p>}
    </section>
  );
}
