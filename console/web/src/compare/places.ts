// The places of an item that is there on one side alone: a line for each key of its objects.

import { JSON_FIELDS, REF_FIELDS, type Item } from "../items/item";
import { kindOf, membersOf, sliceOf, type Slice } from "../json/slice";

export interface Place {
  readonly path: string;
  readonly value: Slice;
}

// A value with more keys is one place.
const MOST = 20;

export function placesOf(item: Item): Place[] {
  const places: Place[] = JSON_FIELDS.flatMap((field) => placesOfValue(item[field], field));
  for (const field of REF_FIELDS) {
    const value = item[field];
    if (value !== null) places.push({ path: field, value: sliceOf(JSON.stringify(value)) });
  }
  return places;
}

function placesOfValue(value: Slice, path: string): Place[] {
  if (kindOf(value) === "null") return [];
  const members = membersOf(value, MOST + 1);
  const isFlat = members.length > 0 && members.length <= MOST && new Set(members.map((each) => each.key)).size === members.length;
  return isFlat ? members.map(({ key, value: inner }) => ({ path: `${path}.${key}`, value: inner })) : [{ path, value }];
}
