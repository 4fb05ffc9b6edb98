// Two people have edited one item: both sides, what could be joined, and a choice for the rest.

import { Suspense, lazy, useState, type ReactNode } from "react";
import type { VersionedItem } from "../api/items";
import type { ContentField } from "../items/item";
import { mergedText, preferredText } from "../json/merge";
import { problemOf } from "../json/check";
import { sliceOf } from "../json/slice";
import { Button } from "../ui/Button";
import { Loading } from "../ui/Notice";
import { Changes } from "./Changes";
import { changedFields, draftOf, textOf, textOfItem, withText, type Draft } from "./draft";

const MergeEditor = lazy(() => import("./MergeEditor"));

interface Props {
  draft: Draft;
  theirs: VersionedItem;
  onMerged: (draft: Draft) => void;
  onClose: () => void;
}

type Choice = "mine" | "theirs" | "joined" | "hand";

export function Conflict({ draft, theirs, onMerged, onClose }: Props): ReactNode {
  const mine = changedFields(draft);
  const both = mine.filter((field) => textOfItem(theirs.item, field) !== textOfItem(draft.base.item, field) && textOfItem(theirs.item, field) !== textOf(draft, field));
  const [choices, setChoices] = useState<Partial<Record<ContentField, Choice>>>(() => Object.fromEntries(both.map((field) => [field, joinedOf(draft, theirs, field) === null ? undefined : "joined"])) as Partial<Record<ContentField, Choice>>);
  const [byHand, setByHand] = useState<Partial<Record<ContentField, string>>>({});
  const textFor = (field: ContentField): string | null => {
    if (!both.includes(field)) return textOf(draft, field);
    const [base, mine, other] = [textOfItem(draft.base.item, field), textOf(draft, field), textOfItem(theirs.item, field)];
    if (choices[field] === "mine") return preferredText(base, mine, other);
    if (choices[field] === "theirs") return preferredText(base, other, mine);
    if (choices[field] === "joined") return joinedOf(draft, theirs, field);
    const text = byHand[field];
    return choices[field] === "hand" && text !== undefined && !problemOf(text) ? text : null;
  };
  const ready = mine.every((field) => textFor(field) !== null);
  const merge = (): void => onMerged(mine.reduce((made, field) => withText(made, field, textFor(field) as string), draftOf(theirs)));

  return (
    <>
      <div className="fields conflict" role="tabpanel" aria-label="Conflict">
        <div className="notice warn" role="alert">
          <b>Somebody else has saved version {theirs.version} while you edited version {draft.base.version}.</b> Nothing is lost: both are below.
        </div>
        {mine
          .filter((field) => !both.includes(field))
          .map((field) => (
            <p key={field} className="dim">
              <code>{field}</code>: only you changed it. Yours stays.
            </p>
          ))}
        {both.map((field) => (
          <section key={field}>
            <h3>{field}</h3>
            <p className="dim">What they changed</p>
            <Changes from={sliceOf(textOfItem(draft.base.item, field))} to={sliceOf(textOfItem(theirs.item, field))} path={field} />
            <p className="dim">What you changed</p>
            <Changes from={sliceOf(textOfItem(draft.base.item, field))} to={sliceOf(textOf(draft, field))} path={field} />
            <div className="segments" role="group" aria-label={`What ${field} becomes`}>
              {joinedOf(draft, theirs, field) !== null && <Pick field={field} value="joined" label="Both" choices={choices} set={setChoices} />}
              <Pick field={field} value="mine" label="Mine" choices={choices} set={setChoices} />
              <Pick field={field} value="theirs" label="Theirs" choices={choices} set={setChoices} />
              <Pick field={field} value="hand" label="Merge by hand" choices={choices} set={setChoices} />
            </div>
            {textFor(field) !== null && (
              <>
                <p className="dim becomes">What it becomes</p>
                <Changes from={sliceOf(textOfItem(draft.base.item, field))} to={sliceOf(textFor(field) as string)} path={field} />
              </>
            )}
            {choices[field] === "hand" && (
              <Suspense fallback={<Loading what="the editor" />}>
                <MergeEditor theirs={textOfItem(theirs.item, field)} mine={textOf(draft, field)} onChange={(text) => setByHand((before) => ({ ...before, [field]: text }))} />
              </Suspense>
            )}
          </section>
        ))}
      </div>
      <footer>
        <span className="dim">{ready ? "The result is a new version" : "Choose for each field"}</span>
        <span className="space" />
        <Button onClick={onClose}>Back to editing</Button>
        <Button kind="primary" disabled={!ready} onClick={merge}>
          Save the result
        </Button>
      </footer>
    </>
  );
}

const joinedOf = (draft: Draft, theirs: VersionedItem, field: ContentField): string | null =>
  mergedText(textOfItem(draft.base.item, field), textOf(draft, field), textOfItem(theirs.item, field));

interface PickProps {
  field: ContentField;
  value: Choice;
  label: string;
  choices: Partial<Record<ContentField, Choice>>;
  set: (choices: Partial<Record<ContentField, Choice>>) => void;
}

const Pick = ({ field, value, label, choices, set }: PickProps): ReactNode => (
  <button type="button" aria-pressed={choices[field] === value} onClick={() => set({ ...choices, [field]: value })}>
    {label}
  </button>
);
