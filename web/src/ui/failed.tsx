/** An error of the server or the connection, in words. Nothing that was typed is touched by it. */

import type { ApiError } from "../api/problem";
import { text } from "../text";
import { Button } from "./button";
import { Notice } from "./notice";

interface FailedProps {
  readonly error: ApiError;
  readonly retry?: () => void;
  readonly title?: string;
}

export function Failed({ error, retry, title }: FailedProps) {
  if (error.kind === "stopped" || error.status === 401) return null;
  const sentences = Object.values(error.fields)
    .flat()
    .filter((sentence) => sentence !== error.sentence);
  return (
    <Notice
      tone="bad"
      urgent
      title={title ?? (error.kind === "problem" ? text.errors.title : text.errors.connection)}
      actions={
        retry && (
          <Button icon="retry" onClick={retry}>
            {text.tryAgain}
          </Button>
        )
      }
    >
      <p>{error.sentence}</p>
      {sentences.length > 0 && (
        <ul>
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {error.status >= 500 && error.requestId && <p class="small">{text.errors.quote(error.requestId)}</p>}
    </Notice>
  );
}
