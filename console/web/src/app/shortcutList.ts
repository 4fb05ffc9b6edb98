// What `?` shows.

export const SHORTCUTS: readonly (readonly [string, string])[] = [
  ["/", "Search"],
  ["F", "Add a filter"],
  ["↑ ↓ or J K", "Next and previous item"],
  ["Enter", "Open the item"],
  ["Space", "Show the whole value of a cell"],
  ["X", "Select the item; with Shift, all up to it"],
  ["E", "Edit the item"],
  ["N", "New item"],
  ["Mod+Enter", "Save"],
  ["Esc", "Close what is open; cancel"],
  ["?", "This list"],
];
