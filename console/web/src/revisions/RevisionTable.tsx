// One row a revision.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Revision } from "../api/datasets";
import { changesText } from "../history/changesText";
import { Button } from "../ui/Button";
import { personName } from "../ui/format";
import { Time } from "../ui/Time";
import type { Act } from "./RevisionsPage";

interface Props {
  project: string;
  dataset: string;
  revisions: readonly Revision[];
  onOpen: (what: Act, revision: Revision) => void;
}

export function RevisionTable({ project, dataset, revisions, onOpen }: Props): ReactNode {
  return (
    <table className="plain datasets">
      <thead>
        <tr>
          <th scope="col">Revision</th>
          <th scope="col">Items</th>
          <th scope="col">Message</th>
          <th scope="col">Tags</th>
          <th scope="col">When</th>
          <th scope="col">By</th>
          <th scope="col"><span className="hidden">Actions</span></th>
        </tr>
      </thead>
      <tbody>
        {revisions.map((each, i) => (
          <tr key={each.revision}>
            <td>
              <Link to="/projects/$project/datasets/$dataset" params={{ project, dataset }} search={{ revision: String(each.revision) } as never}>
                r{each.revision}
              </Link>
            </td>
            <td>
              <Link className="quiet" to="/projects/$project/datasets/$dataset/compare" params={{ project, dataset }} search={{ from: String(each.revision - 1), to: String(each.revision) } as never} aria-label={`What revision ${each.revision} changed: ${changesText(each)}`}>
                {changesText(each)}
              </Link>
            </td>
            <td className="name">{each.message}</td>
            <td className="labels">{each.tags.map((tag) => <span className="tag" key={tag}>{tag}</span>)}</td>
            <td className="dim"><Time at={each.created_at} /></td>
            <td className="dim">{personName(each.created_by)}</td>
            <td className="acts">
              {i > 0 && (
                <Link className="button ghost" to="/projects/$project/datasets/$dataset/compare" params={{ project, dataset }} search={{ from: String(each.revision), to: "latest" } as never} aria-label={`Compare revision ${each.revision} with the latest`}>
                  Compare
                </Link>
              )}
              <Button kind="ghost" onClick={() => onOpen("tag", each)} aria-label={`Tag revision ${each.revision}`}>Tag</Button>
              <Button kind="ghost" onClick={() => onOpen("fork", each)} aria-label={`Fork revision ${each.revision}`}>Fork</Button>
              {i > 0 && <Button kind="ghost" onClick={() => onOpen("rollback", each)} aria-label={`Roll back to revision ${each.revision}`}>Roll back</Button>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
