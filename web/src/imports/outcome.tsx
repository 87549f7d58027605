/** What an import came to, once it is at rest: who has an account, who tells them, and the files of it. */

import { type ImportStatus, accountsPath, allRowsPath, failuresPath } from "../api/imports";
import { count, when } from "../pure/numbers";
import { terms } from "../pure/progress";
import { text } from "../text";
import { Icon } from "../ui/icons";
import { Notice } from "../ui/notice";

export function Outcome({ status }: { readonly status: ImportStatus }) {
  const { counts, undo, cancelled } = status;
  const without = counts.failed + counts.invalid;
  return (
    <>
      {undo ? (
        <Notice tone="info" id="outcome" title={text.imports.undo.over(undo.closed)}>
          {undo.kept > 0 && <p>{text.imports.undo.keptAfter(undo.kept)}</p>}
          {undo.failed > 0 && <p>{text.imports.undo.failedAfter(undo.failed)}</p>}
          <p class="small">
            {text.imports.undo.by(undo.by, when(undo.at))} {undo.reason}
          </p>
        </Notice>
      ) : (
        <Notice tone={without > 0 ? "wait" : "good"} id="outcome" title={text.imports.allDone(counts.created)}>
          <p>{without > 0 ? text.imports.someWithout(without) : text.imports.nobodyFailed}</p>
          {cancelled && <p>{text.imports.cancel.done(cancelled.by, when(cancelled.at), cancelled.reason)}</p>}
          {counts.created > 0 && <p>{text.imports.whoTells}</p>}
        </Notice>
      )}
      <p class="equation" id="equation">
        {text.imports.equation} <strong>{count(counts.rows)}</strong> ={" "}
        {terms(counts)
          .map(
            (term, place) => `${place > 0 ? " + " : ""}${count(term.number)} ${text.states[term.class].toLowerCase()}`,
          )
          .join("")}
      </p>
    </>
  );
}

export function Downloads({ status: { uuid, counts } }: { readonly status: ImportStatus }) {
  return (
    <div class="downloads" role="group" aria-label={text.imports.download.title}>
      <span class="soft">{text.imports.download.title}:</span>
      {counts.created > 0 && <Download to={accountsPath(uuid)}>{text.imports.download.accounts}</Download>}
      {counts.failed + counts.invalid > 0 && (
        <Download to={failuresPath(uuid)} hint={text.imports.download.failuresHint}>
          {text.imports.download.failures}
        </Download>
      )}
      <Download to={allRowsPath(uuid)}>{text.imports.download.everything}</Download>
    </div>
  );
}

function Download({ to, hint, children }: { readonly to: string; readonly hint?: string; readonly children: string }) {
  return (
    <a class="button" href={to} download title={hint}>
      <Icon name="down" /> {children}
    </a>
  );
}
