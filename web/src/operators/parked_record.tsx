/** One record as it came: its bytes as text that does nothing to the page, what is the matter, what was tried. */

import { useKept } from "../course/hooks";
import { said } from "../text/operators";
import { Dialog } from "../ui/dialog";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { shownBytes } from "./bytes";
import { askRecord } from "./parked_asking";
import type { Bytes, Opened, Parked } from "./parked_model";

export function ParkedRecord({ record, onClose }: { readonly record: Parked; readonly onClose: () => void }) {
  const opened = useKept(record.id, 0, (signal) => askRecord(record.service, record.id, signal));
  return (
    <Dialog title={said.parked.record.title} wide onClose={onClose}>
      {opened.error && <Failed error={opened.error} retry={opened.again} />}
      {opened.value ? <Shown record={opened.value} /> : !opened.error && <Loading />}
    </Dialog>
  );
}

function Shown({ record }: { readonly record: Opened }) {
  const words = said.parked.record;
  return (
    <>
      <p>
        <strong>{record.message}</strong>
      </p>
      <p>{record.hint}</p>
      <dl class="facts">
        <dt>{words.place}</dt>
        <dd>
          <code>{record.id}</code>
        </dd>
        {record.type && [
          <dt key="t">{words.event}</dt>,
          <dd key="tv">
            <code>{record.type}</code> {record.event_id && <code>{record.event_id}</code>}
          </dd>,
        ]}
        {record.source && [
          <dt key="s">{words.source}</dt>,
          <dd key="sv">
            <code>{record.source}</code>
          </dd>,
        ]}
        <dt>{words.reason}</dt>
        <dd>
          {record.reason} (<code>{record.code}</code>)
        </dd>
        <dt>{words.written}</dt>
        <dd>{words.at(record.written)}</dd>
        <dt>{words.parked}</dt>
        <dd>{words.at(record.parked)}</dd>
        <dt>{words.state}</dt>
        <dd>{said.parked.list.states[record.state]}</dd>
      </dl>
      <p class="hint">{words.personal}</p>
      <Piece title={words.key} data={record.key} />
      <Piece title={words.value} data={record.value} />
      <h3>{words.headers}</h3>
      {record.headers.length === 0 && <p class="soft">{words.nothing}</p>}
      <dl class="facts headers">
        {record.headers.map((header, index) => [
          <dt key={`${index} name`}>
            <code>{header.name}</code>
          </dt>,
          <dd key={index}>
            <code>{header.value === null ? words.nothing : shownBytes(header.value).text}</code>
          </dd>,
        ])}
      </dl>
      <h3>{words.history}</h3>
      {record.history.length === 0 && <p class="soft">{words.noHistory}</p>}
      <ul>
        {record.history.map((one, index) => (
          <li key={index}>
            {words.at(one.at)}:{" "}
            {words.tried(said.parked.jobs.actions[one.action] ?? one.action, one.author, one.outcome)}
            {one.reason && ` (${one.reason})`}
            {one.why && <p class="hint">{one.why}</p>}
          </li>
        ))}
      </ul>
    </>
  );
}

function Piece({ title, data }: { readonly title: string; readonly data: Bytes | null }) {
  const words = said.parked.record;
  const shown = shownBytes(data);
  return (
    <>
      <h3>{title}</h3>
      {data === null ? (
        <p class="soft">{words.nothing}</p>
      ) : (
        <>
          <p class="hint">
            {words.size(data.bytes)}, {words.kinds[shown.kind]}. {shown.whole ? "" : words.cut}
          </p>
          <pre class="bytes" tabIndex={0} role="region" aria-label={title}>
            {shown.text}
          </pre>
        </>
      )}
    </>
  );
}
