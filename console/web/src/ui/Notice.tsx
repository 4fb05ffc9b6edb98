// What went wrong, what is empty, what is on its way.

import type { ReactNode } from "react";
import { adviceOf } from "../api/errors";
import { Button } from "./Button";
import { CopyButton } from "./Copy";

export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }): ReactNode {
  const { title, detail, requestId } = adviceOf(error);
  return (
    <div className="notice bad" role="alert">
      <b>{title}.</b> <span className="detail">{detail}</span>
      {requestId && (
        <span className="request">
          Request <code>{requestId}</code> <CopyButton text={requestId} name="request id" />
        </span>
      )}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Loading({ what }: { what: string }): ReactNode {
  return (
    <p className="loading" role="status">
      Loading {what} …
    </p>
  );
}
