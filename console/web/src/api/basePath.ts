// The path below which the service is seen, such as /datasets; empty at the root of a host and beside a development server.

// Unit tests run without a document.
const marked = typeof document === "undefined" ? "" : (document.documentElement.dataset.base ?? "");

export const basePath = marked.startsWith("/") ? marked : "";
