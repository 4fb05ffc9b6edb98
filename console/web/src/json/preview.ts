// A value on one line, for a cell of the table: never more of it is read than can be seen.

import { elementsOf, kindOf, membersOf, rawOf, stringOf, type Member, type Slice } from "./slice";

export interface Piece {
  readonly kind: "key" | "text" | "number" | "word" | "mark" | "open" | "comma" | "close" | "role";
  readonly text: string;
}

// Strings longer than this are cut before they are decoded.
const LONGEST = 4_000;

export interface Message {
  readonly role: string;
  readonly content: Slice;
  /** What it has besides: the calls of tools, for instance. */
  readonly rest: readonly Member[];
}

/** One message of a chat, or null where the value is none. */
export function messageOf(slice: Slice): Message | null {
  const members = membersOf(slice, 50);
  const role = members.findLast((each) => each.key === "role")?.value;
  const content = members.findLast((each) => each.key === "content")?.value;
  const name = role && stringOf(role);
  if (!name || name.length > 40 || !content) return null;
  return { role: name, content, rest: members.filter((each) => each.key !== "role" && each.key !== "content") };
}

/** The messages of a chat, or null where the value is none. */
export function messagesOf(slice: Slice, limit = 500): Message[] | null {
  const elements = elementsOf(slice, limit);
  const messages: Message[] = [];
  for (const element of elements) {
    const message = messageOf(element);
    if (!message) return null;
    messages.push(message);
  }
  return messages.length ? messages : null;
}

export function previewOf(slice: Slice, width: number): Piece[] {
  const pieces: Piece[] = [];
  fill(pieces, slice, width, 0);
  return pieces;
}

function fill(pieces: Piece[], slice: Slice, room: number, depth: number): number {
  if (room <= 0) return room;
  const kind = kindOf(slice);
  if (kind === "string") return slice.end - slice.start === 2 ? put(pieces, "mark", '""', room) : put(pieces, "text", cut(slice, room), room);
  if (kind === "number") return put(pieces, "number", rawOf(slice).slice(0, room), room);
  if (kind === "boolean" || kind === "null") return put(pieces, "word", rawOf(slice), room);
  if (kind === "object") return fillObject(pieces, slice, room, depth);
  return fillArray(pieces, slice, room, depth);
}

function put(pieces: Piece[], kind: Piece["kind"], text: string, room: number): number {
  pieces.push({ kind, text });
  return room - text.length - 1;
}

/** The first letters of a string; it is cut in its JSON, between escapes, when it is long. */
export function cut(slice: Slice, room: number): string {
  let end = slice.end;
  if (end - slice.start > LONGEST) {
    end = slice.start + Math.min(LONGEST, room * 6);
    const tail = slice.text.slice(end - 6, end);
    const escape = tail.lastIndexOf("\\");
    if (escape >= 0) end -= 6 - escape;
    let escapes = 0;
    while (slice.text[end - 1 - escapes] === "\\") escapes++;
    if (escapes % 2) end--;
    return (JSON.parse(`${slice.text.slice(slice.start, end)}"`) as string).slice(0, room);
  }
  return (JSON.parse(slice.text.slice(slice.start, end)) as string).slice(0, room);
}

function fillObject(pieces: Piece[], slice: Slice, room: number, depth: number): number {
  const message = messageOf(slice);
  if (message) return fillMessages(pieces, [message], room, depth);
  const members = membersOf(slice, 40);
  if (!members.length) return put(pieces, "mark", "{}", room);
  if (depth) room = put(pieces, "open", "{", room);
  for (const { key, value } of members) {
    if (room <= 0) break;
    room = put(pieces, "key", key.slice(0, room), room);
    room = fill(pieces, value, room, depth + 1);
  }
  return depth ? put(pieces, "close", "}", room) : room;
}

function fillArray(pieces: Piece[], slice: Slice, room: number, depth: number): number {
  const messages = messagesOf(slice, 20);
  if (messages) return fillMessages(pieces, messages, room, depth);
  const elements = elementsOf(slice, 40);
  room = put(pieces, "open", "[", room);
  elements.forEach((each, index) => {
    if (room <= 0) return;
    if (index) room = put(pieces, "comma", ", ", room);
    room = fill(pieces, each, room, depth + 1);
  });
  return put(pieces, "close", "]", room);
}

/** Instructions are often the same in each row, so that a row begins with what was said. */
function fillMessages(pieces: Piece[], messages: readonly Message[], room: number, depth: number): number {
  const said = messages.filter((each) => each.role !== "system" && each.role !== "developer");
  for (const { role, content } of said.length ? said : messages) {
    if (room <= 0) break;
    room = put(pieces, "role", role, room);
    room = fill(pieces, content, room, depth + 1);
  }
  return room;
}
