// What the service refuses, in its own words, and what went wrong on the way to it.

export interface Envelope {
  readonly type: string;
  readonly code: string;
  readonly detail: string;
  readonly attr: string | null;
  readonly [more: string]: unknown;
}

export class APIError extends Error {
  constructor(
    readonly status: number,
    readonly envelope: Envelope,
    readonly requestId: string | null,
    readonly retryAfter: number | null,
  ) {
    super(envelope.detail);
  }

  get code(): string {
    return this.envelope.code;
  }
}

export function errorOf(status: number, text: string, headers: Headers): APIError {
  return new APIError(status, envelopeOf(status, text), headers.get("x-request-id"), Number(headers.get("retry-after")) || null);
}

function envelopeOf(status: number, text: string): Envelope {
  try {
    const body = JSON.parse(text) as Partial<Envelope> | null;
    if (body && typeof body.detail === "string") return { type: "", code: "", attr: null, ...body, detail: body.detail };
  } catch {
    // Not ours: a proxy's page, for instance.
  }
  return { type: "server_error", code: "unreadable", detail: `The answer was ${status} without a reason.`, attr: null };
}

/** What to tell a person: what happened, and what they can do. */
export function adviceOf(error: unknown): { title: string; detail: string; requestId: string | null } {
  if (!(error instanceof APIError)) {
    const reached = !(error instanceof TypeError);
    return {
      title: reached ? "The page met an error of its own" : "The service cannot be reached",
      detail: reached ? String((error as Error | null)?.message ?? error) : "Check the connection, then try again. Nothing that you typed is lost.",
      requestId: null,
    };
  }
  return { title: titleOf(error), detail: error.message, requestId: error.requestId };
}

function titleOf({ status, code, retryAfter }: APIError): string {
  if (status === 403 && /scope/i.test(code + " ")) return "This key may not do that";
  if (code === "search_timeout") return "Looking for this takes too long";
  switch (status) {
    case 401:
      return "The key is not accepted";
    case 403:
      return "This key may not do that";
    case 404:
      return "This is not here";
    case 409:
      return "This does not fit with what is there";
    case 412:
      return "Somebody else has changed this meanwhile";
    case 413:
      return "This is too large";
    case 429:
      return retryAfter ? `Too many requests: try again in ${retryAfter} s` : "Too many requests: try again in a while";
    case 503:
      return "The service is busy: try again in a few seconds";
    default:
      return status >= 500 ? "The service met an error" : "The service refused this";
  }
}
