// Theirs at the left, mine at the right, with arrows that bring a piece over.

import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef, type ReactNode } from "react";
import { prettyOf } from "../json/format";
import { sliceOf } from "../json/slice";
import { editorExtensions } from "./JSONEditor";

export default function MergeEditor({ theirs, mine, onChange }: { theirs: string; mine: string; onChange: (text: string) => void }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const start = prettyOf(sliceOf(mine));
    onChange(start);
    const view = new MergeView({
      parent: place.current as HTMLElement,
      a: { doc: prettyOf(sliceOf(theirs)), extensions: [...editorExtensions("Theirs"), EditorState.readOnly.of(true)] },
      b: {
        doc: start,
        extensions: [...editorExtensions("The result"), EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString()))],
      },
      revertControls: "a-to-b",
    });
    return () => view.destroy();
  }, []); // eslint-disable-line react-hooks/exhaustive-deps
  return (
    <>
      <p className="pairhead">
        <span>Theirs</span>
        <span>The result</span>
      </p>
      <div className="code-editor" ref={place} />
    </>
  );
}
