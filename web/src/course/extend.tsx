/** Giving a course a later last day. */

import { useState } from "preact/hooks";
import { useAction } from "../app/hooks";
import { said } from "../text/course";
import { Confirm } from "../ui/dialog";
import { Field } from "../ui/field";
import { tell } from "../ui/live";
import { Notice } from "../ui/notice";
import { extendCourse } from "./asking";
import { dayOf, parseDay, writtenDay } from "./days";
import type { Project } from "./model";

interface ExtendProps {
  readonly project: Project;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function Extend({ project, onDone, onClose }: ExtendProps) {
  const [end, setEnd] = useState(project.end_date ?? "");
  const [asked, setAsked] = useState(false);
  const extend = useAction((_key, day: string) => extendCourse(project.uuid, day));
  const today = dayOf(new Date());
  const chosen = parseDay(end);
  const present = project.end_date === null ? null : parseDay(project.end_date);
  const wrong = chosen === null ? said.extend.missing : chosen < today ? said.extend.past : null;
  const sooner = chosen !== null && present !== null && chosen < present;
  const notAllowed = extend.error?.status === 403;

  async function confirm(): Promise<void> {
    setAsked(true);
    if (wrong !== null) return;
    const answer = await extend.run(end);
    if (!answer?.ok) return;
    tell(said.extend.done(end), { now: true });
    onDone();
  }

  return (
    <Confirm
      title={said.extend.title}
      deed={said.extend.deed}
      busy={extend.busy}
      danger={sooner}
      error={notAllowed ? undefined : extend.error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{said.extend.what}</p>
      <Field
        label={said.extend.field}
        hint={project.end_date ? said.extend.hint(project.end_date) : undefined}
        errors={asked && wrong !== null ? [wrong] : []}
      >
        {(tied) => (
          <input
            type="date"
            name="end_date"
            required
            min={writtenDay(today)}
            value={end}
            onInput={(event) => setEnd(event.currentTarget.value)}
            {...tied}
          />
        )}
      </Field>
      {sooner && (
        <Notice tone="wait">
          <p>{said.extend.sooner}</p>
        </Notice>
      )}
      {notAllowed && (
        <Notice tone="bad" urgent>
          <p>{said.extend.notAllowed}</p>
        </Notice>
      )}
    </Confirm>
  );
}
