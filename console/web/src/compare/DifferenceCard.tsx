// One item that differs: each place in it before and after, words marked.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ItemDifference } from "../api/comparison";
import { Changes } from "../item/Changes";
import { textOfItem } from "../item/draft";
import { visible } from "../items/Pieces";
import type { Item } from "../items/item";
import { previewOf } from "../json/preview";
import { sliceOf, stringOf, rawOf } from "../json/slice";
import { Time } from "../ui/Time";
import { shortId } from "../ui/format";
import { placesOf, type Place } from "./places";

interface Props {
  project: string;
  dataset: string;
  difference: ItemDifference;
  from: number;
  to: number;
}

const TITLE = 300;

export function DifferenceCard({ project, dataset, difference: { id, change, fields, from: before, to: after }, from, to }: Props): ReactNode {
  const item = (after ?? before) as Item;
  return (
    <section className="card difference" aria-label={`Item ${shortId(id)}, ${change}`}>
      <h2>
        <span className={`change-kind ${change}`}>{change}</span>
        <span className="mono">{shortId(id)}</span>
        <span className="dim title">{item.ref_source_id ?? (before && after ? beginningOf(item) : "")}</span>
        <span className="dim">{after && <Time at={after.updated_at} />}</span>
        <Link className="button ghost" to="/projects/$project/datasets/$dataset" params={{ project, dataset }} search={{ revision: String(after ? to : from), item: id } as never}>
          Open
        </Link>
      </h2>
      {before && after
        ? fields.map((field) => <Changes key={field} from={sliceOf(textOfItem(before, field))} to={sliceOf(textOfItem(after, field))} path={field} />)
        : placesOf(item).map((place) => <OneSide key={place.path} place={place} isNew={after !== null} />)}
    </section>
  );
}

/** The first words, where the item has no name and what differs may not tell which one it is. */
function beginningOf(item: Item): string {
  const words = previewOf(item.input, TITLE).filter((piece) => piece.kind === "text" || piece.kind === "number" || piece.kind === "word");
  return visible(words.map((piece) => piece.text).join(" ").slice(0, TITLE));
}

// An added item is told by its beginning; all of it is one press away.
const SHOWN = 600;

function OneSide({ place: { path, value }, isNew }: { place: Place; isNew: boolean }): ReactNode {
  const words = stringOf(value);
  const text = words ?? rawOf(value);
  return (
    <div className="change single">
      <div className="path">{path}</div>
      <div className={`${isNew ? "new" : "old"} ${words === null ? "mono" : ""}`}>
        {text.slice(0, SHOWN)}
        {text.length > SHOWN && " …"}
      </div>
    </div>
  );
}
