// Which rows and items an import is about: the first of each kind, each with a link to the item as it is now.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { number, shortId } from "../ui/format";
import type { Example, ImportAnswer } from "./runImport";

interface Props {
  project: string;
  dataset: string;
  answer: ImportAnswer;
}

// What alters items comes first.
const KINDS = [
  ["updated", "Would be updated"],
  ["archived", "Would be archived"],
  ["created", "Would be created"],
  ["skipped", "Would be skipped"],
  ["unchanged", "Unchanged"],
] as const;

export function Examples({ project, dataset, answer }: Props): ReactNode {
  const { examples = [] } = answer;
  // Where every row is a new item, the rows below say all.
  if (examples.every(({ status }) => status === "created")) return null;
  return (
    <section className="card">
      <h2>
        Which items <span className="dim">a link opens the item as it is now, in a new tab</span>
      </h2>
      <table className="plain examples">
        <thead>
          <tr>
            <th scope="col">Where</th>
            <th scope="col">Item</th>
            <th scope="col">What changes</th>
          </tr>
        </thead>
        {KINDS.map(([status, title]) => {
          const shown = examples.filter((each) => each.status === status);
          const count = answer[status] ?? 0;
          return shown.length === 0 ? null : (
            <tbody key={status}>
              <tr>
                <th scope="rowgroup" colSpan={3}>
                  {title} <span className="dim">{shown.length < count ? `the first ${shown.length} of ${number(count)}` : number(count)}</span>
                </th>
              </tr>
              {shown.map((each) => (
                <tr key={each.row ?? each.id}>
                  <td className="mono dim">{placeOf(each)}</td>
                  <td>
                    <ItemName project={project} dataset={dataset} example={each} />
                  </td>
                  <td>{each.fields.join(", ")}</td>
                </tr>
              ))}
            </tbody>
          );
        })}
      </table>
    </section>
  );
}

const placeOf = ({ row, line }: Example): string => (line !== null ? `line ${line}` : row !== null ? `row ${row}` : "not in the file");

function ItemName({ project, dataset, example: { id, ref_source_id: key } }: { project: string; dataset: string; example: Example }): ReactNode {
  if (id === null) return key ?? <span className="faint">new</span>;
  // The key of this tab goes along to the tab that it opens.
  return (
    <Link to="/projects/$project/datasets/$dataset" params={{ project, dataset }} search={{ item: id } as never} target="_blank" rel="opener" title={id}>
      {key ?? shortId(id)}
    </Link>
  );
}
