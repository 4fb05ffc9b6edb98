// CodeMirror for JSON. It is loaded when it is first needed.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { HighlightStyle, bracketMatching, foldGutter, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, drawSelection, keymap, lineNumbers, type DecorationSet } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef, type ReactNode } from "react";
import { styleNonce } from "../ui/nonce";

interface Props {
  label: string;
  text: string;
  onChange: (text: string) => void;
  /** Where something is wrong. */
  mark: number | null;
  isWrong: boolean;
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--dim)" },
  { tag: tags.string, color: "var(--ink)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--accent)" },
  { tag: tags.punctuation, color: "var(--faint)" },
]);

const setMark = StateEffect.define<number | null>();
const markedLine = Decoration.line({ class: "cm-wrong" });
const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (before, { effects, state, changes }) => {
    for (const effect of effects) {
      if (!effect.is(setMark)) continue;
      return effect.value === null ? Decoration.none : Decoration.set([markedLine.range(state.doc.lineAt(Math.min(effect.value, state.doc.length)).from)]);
    }
    return before.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Chromium joins the lines that a typed letter replaces, and writes styles into them, which the page's policy refuses. */
const replacesSelection = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    if (event.inputType !== "insertText" || event.isComposing || event.data === null || view.state.selection.main.empty) return false;
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    event.preventDefault();
    return true;
  },
});

export const editorExtensions = (label: string) => [
  EditorView.cspNonce.of(styleNonce()),
  lineNumbers(),
  foldGutter(),
  history(),
  drawSelection(),
  replacesSelection,
  bracketMatching(),
  indentUnit.of("  "),
  json(),
  syntaxHighlighting(colours),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ "aria-label": label }),
  // Esc gives the Tab key back to the page.
  keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
];

export default function JSONEditor({ label, text, onChange, mark, isWrong }: Props): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });
  useEffect(() => {
    const listener = EditorView.updateListener.of((update) => update.docChanged && tell.current(update.state.doc.toString()));
    const made = new EditorView({ parent: place.current as HTMLElement, state: EditorState.create({ doc: text, extensions: [...editorExtensions(label), marks, listener] }) });
    view.current = made;
    return () => made.destroy();
    // The text is the editor's own from here on.
  }, []); // eslint-disable-line react-hooks/exhaustive-deps
  useEffect(() => view.current?.dispatch({ effects: setMark.of(mark) }), [mark]);
  return <div className={isWrong ? "code-editor wrong" : "code-editor"} ref={place} />;
}
