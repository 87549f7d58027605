/** How the parts are, how far the tables are behind, and what waits. */

import type { User } from "../api/credential";
import { count } from "../pure/numbers";
import { said } from "../text/operators";
import { type Tone, Tag } from "../ui/badge";
import { Failed } from "../ui/failed";
import type { IconName } from "../ui/icons";
import { Table } from "../ui/table";
import type { Listed } from "../course/model";
import { type Part, partsOf } from "./health";
import { LagChart } from "./lag_chart";
import type { ReadModel, Target, Waiting } from "./model";
import { askedOf, usePolled } from "./polling";

const EVERY_S = 5;
const LOOKS: Readonly<Record<Part["look"], { readonly tone: Tone; readonly icon: IconName }>> = {
  good: { tone: "good", icon: "check" },
  warn: { tone: "wait", icon: "clock" },
  bad: { tone: "bad", icon: "cross" },
  unseen: { tone: "over", icon: "dots" },
};

export function HealthView() {
  // Each is answered by another service; the session is the cheapest question to the importer.
  const importer = usePolled<User>("/api/session/", EVERY_S);
  const models = usePolled<Listed<ReadModel>>("/api/read-models/", EVERY_S);
  const target = usePolled<Target>("/api/target/", EVERY_S);
  const waiting = usePolled<Waiting>("/api/waiting/?imports=0&oldest=0", EVERY_S);
  const results = models.value?.results;
  const parts = partsOf(askedOf(importer), askedOf({ ...models, value: results }), askedOf(target), askedOf(waiting));
  return (
    <>
      <section class="card" aria-labelledby="parts-title">
        <h2 id="parts-title">{said.health.parts}</h2>
        <ul class="health-parts">
          {parts.map((part) => (
            <PartLine key={part.name} part={part} reason={reasonOf(part, target.value)} />
          ))}
        </ul>
        <p class="hint">{said.health.blind}</p>
      </section>
      {models.error && <Failed error={models.error} retry={models.again} />}
      {results && <LagChart models={results} edition={results} />}
      {results && <Models models={results} />}
    </>
  );
}

function PartLine({ part, reason }: { readonly part: Part; readonly reason: string | null }) {
  const { tone, icon } = LOOKS[part.look];
  const words = part.name === "target" ? said.health.targetLooks : said.health.looks;
  return (
    <li data-part={part.name} data-look={part.look}>
      <strong>{said.health.names[part.name]}</strong>
      <span class="soft">{said.health.does[part.name]}</span>
      <Tag tone={tone} icon={icon}>
        {words[part.look]}
      </Tag>
      {reason && <span class="hint">{reason}</span>}
    </li>
  );
}

function reasonOf(part: Part, target: Target | undefined): string | null {
  if (part.name !== "target" || target === undefined) return null;
  return target.paused?.reason || target.reason;
}

function Models({ models }: { readonly models: readonly ReadModel[] }) {
  return (
    <Table<ReadModel>
      id="read-models"
      caption={said.health.models}
      columns={[
        { name: "model", title: said.health.model, heads: true, cell: (one) => <code>{one.name}</code> },
        { name: "question", title: said.health.question, cell: (one) => one.question },
        {
          name: "oldest",
          title: said.health.oldest,
          numeric: true,
          cell: (one) => said.health.seconds(one.oldest_unprocessed_seconds),
        },
        {
          name: "ahead",
          title: said.health.ahead,
          numeric: true,
          cell: (one) => (one.records_ahead === null ? said.health.unknown : count(one.records_ahead)),
        },
        { name: "set", title: said.health.set, cell: (one) => <code>{one.set}</code> },
        { name: "version", title: said.health.version, numeric: true, cell: (one) => one.version },
      ]}
      rows={models}
      keyOf={(one) => one.name}
    />
  );
}
