// A link that is opened in a new tab, by Ctrl or the middle button: the tab goes on with the key of this one.

/** A tab that the browser opens by itself begins with an empty session; one that a page opens gets a copy. */
export function openTabsWithSession(): void {
  addEventListener("click", open);
  addEventListener("auxclick", open);
}

function open(event: MouseEvent): void {
  const isNewTab = event.button === 1 || (event.button === 0 && (event.ctrlKey || event.metaKey));
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]:not([target])") : null;
  if (!isNewTab || !link || link.origin !== location.origin || event.defaultPrevented) return;
  event.preventDefault();
  window.open(link.href, "_blank");
}
