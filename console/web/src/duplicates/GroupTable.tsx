// One row a group: how many, what they say, and the way to them.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { DuplicateGroup } from "../api/duplicates";
import { Pieces } from "../items/Pieces";
import type { ContentField, Item } from "../items/item";
import { textOfItem } from "../item/draft";
import { sliceOf } from "../json/slice";
import { Time } from "../ui/Time";
import { number } from "../ui/format";

interface Props {
  project: string;
  dataset: string;
  groups: readonly DuplicateGroup[];
  field: ContentField;
}

export function GroupTable({ project, dataset, groups, field }: Props): ReactNode {
  return (
    <table className="plain groups">
      <thead>
        <tr>
          <th scope="col" className="num">Items</th>
          <th scope="col">What they say</th>
          <th scope="col">Oldest</th>
          <th scope="col"><span className="hidden">Actions</span></th>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ count, oldest, ids, item }) => (
          <tr key={oldest}>
            <td className="num">{number(count)}</td>
            <td className="value">{item ? <Said item={item} field={field} /> : <span className="faint">archived meanwhile</span>}</td>
            <td className="dim when">{item && <Time at={item.created_at} />}</td>
            <td className="acts">
              <Link className="button ghost" to="/projects/$project/datasets/$dataset" params={{ project, dataset }} search={{ id__in: ids.join(","), order_by: "created_at" } as never}>
                Show {ids.length < count ? `the first ${ids.length}` : "them"}
              </Link>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Said = ({ item, field }: { item: Item; field: ContentField }): ReactNode => <Pieces value={sliceOf(textOfItem(item, field))} width={400} />;
