/** What waits: by cause, course and import, and what waits longest. */

import { Link } from "../app/router";
import { paths } from "../app/routes";
import type { ComponentChildren } from "preact";
import { count, when } from "../pure/numbers";
import { said } from "../text/operators";
import { Table } from "../ui/table";
import type { Waiting, WaitingSum } from "./model";

export function WaitingTables({ waiting }: { readonly waiting: Waiting }) {
  return (
    <section class="card" aria-labelledby="waiting-title">
      <h2 id="waiting-title">{said.waiting.title(waiting.total)}</h2>
      {waiting.total > 0 && (
        <>
          <p class="soft">{said.waiting.what(waiting.retrying, waiting.pending)}</p>
          <Sums
            caption={said.waiting.causes}
            title={said.waiting.why}
            sums={waiting.causes}
            keyOf={(one) => one.code ?? ""}
            cell={(one) => one.sentence ?? one.code ?? ""}
          />
          <Sums
            caption={said.waiting.projects}
            title={said.waiting.course}
            sums={waiting.projects}
            keyOf={(one) => one.project_uuid ?? ""}
            cell={(one) =>
              one.project_uuid && (
                <Link to={paths.course(one.project_uuid)}>{one.project_name ?? one.project_uuid}</Link>
              )
            }
          />
          <Sums
            caption={said.waiting.imports}
            title={said.waiting.import}
            sums={waiting.imports}
            keyOf={(one) => one.import ?? ""}
            cell={(one) =>
              one.import && (
                <>
                  <Link to={paths.import(one.import)}>
                    <code>{said.waiting.importOf(one.import)}</code>
                  </Link>{" "}
                  {one.project_name}
                </>
              )
            }
          />
          <Table<Waiting["oldest"][number]>
            caption={said.waiting.oldest}
            columns={[
              {
                name: "row",
                title: said.waiting.row,
                heads: true,
                cell: (one) =>
                  one.account_uuid ? (
                    <Link to={paths.story(one.account_uuid)}>{said.waiting.story(one.row)}</Link>
                  ) : (
                    said.waiting.story(one.row)
                  ),
              },
              {
                name: "import",
                title: said.waiting.import,
                cell: (one) => (
                  <Link to={paths.import(one.import)}>
                    <code>{said.waiting.importOf(one.import)}</code>
                  </Link>
                ),
              },
              { name: "since", title: said.waiting.since, cell: (one) => one.since && when(one.since) },
              { name: "attempts", title: said.waiting.attempts, numeric: true, cell: (one) => count(one.attempts) },
              { name: "next", title: said.waiting.next, cell: (one) => one.next_attempt && when(one.next_attempt) },
              { name: "why", title: said.waiting.why, cell: (one) => one.sentence },
            ]}
            rows={waiting.oldest}
            keyOf={(one) => `${one.import} ${one.row}`}
          />
        </>
      )}
    </section>
  );
}

interface SumsProps {
  readonly caption: string;
  readonly title: string;
  readonly sums: readonly WaitingSum[];
  readonly keyOf: (sum: WaitingSum) => string;
  readonly cell: (sum: WaitingSum) => ComponentChildren;
}

function Sums({ caption, title, sums, keyOf, cell }: SumsProps) {
  return (
    <Table<WaitingSum>
      caption={caption}
      columns={[
        { name: "what", title, heads: true, cell },
        { name: "number", title: said.waiting.number, numeric: true, cell: (one) => count(one.count) },
        { name: "since", title: said.waiting.since, cell: (one) => one.oldest_since && when(one.oldest_since) },
        { name: "next", title: said.waiting.next, cell: (one) => one.next_attempt && when(one.next_attempt) },
      ]}
      rows={sums}
      keyOf={keyOf}
    />
  );
}
