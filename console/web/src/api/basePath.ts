// The path below which the service is seen, such as /datasets; empty at the root of a host and beside a development server.

const marked = document.documentElement.dataset.base ?? "";

export const basePath = marked.startsWith("/") ? marked : "";
