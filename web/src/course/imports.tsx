/** The imports of a course: when, what, who, and what became of their rows. */

import { get } from "../api/http";
import { useAction } from "../app/hooks";
import { Link } from "../app/router";
import { paths as pages } from "../app/routes";
import { count, moment } from "../pure/numbers";
import { said } from "../text/course";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { Table } from "../ui/table";
import { paths } from "./asking";
import type { ImportListed, Listed } from "./model";
import { useMore } from "./more";

/** Classes of rows in the order in which they are told. */
const CLASSES = [
  "created",
  "failed",
  "waiting",
  "pending",
  "existing",
  "duplicate",
  "invalid",
  "cancelled",
  "closed",
] as const;

interface ImportsProps {
  readonly course: string;
  /** The newest ones as they are known by now. */
  readonly newest: readonly ImportListed[] | undefined;
}

export function Imports({ course, newest }: ImportsProps) {
  const list = useMore<ImportListed>(paths.imports(course));
  const more = useAction(() => list.more((path) => get<Listed<ImportListed>>(path)));
  if (list.error) return <Failed error={list.error} retry={list.again} />;
  if (list.items === undefined) return <Loading />;
  const now = new Map((newest ?? []).map((one) => [one.uuid, one]));
  const added = (newest ?? []).filter((one) => !list.items?.some((known) => known.uuid === one.uuid));
  const rows = [...added, ...list.items.map((one) => now.get(one.uuid) ?? one)];
  return (
    <>
      <Table<ImportListed>
        id="imports"
        caption={said.imports.caption}
        hideCaption
        columns={[
          {
            name: "when",
            title: said.imports.when,
            heads: true,
            cell: (one) => (
              <Link to={pages.import(one.uuid)}>
                <time dateTime={one.submitted}>{moment(one.submitted)}</time>
              </Link>
            ),
          },
          { name: "what", title: said.imports.what, cell: (one) => one.file?.name ?? sourceOf(one.source) },
          { name: "who", title: said.imports.who, cell: (one) => one.created_by ?? "" },
          { name: "state", title: said.imports.state, cell: (one) => <Badge state={one.state} /> },
          { name: "rows", title: said.imports.rows, numeric: true, cell: (one) => count(one.counts["rows"] ?? 0) },
          { name: "counts", title: said.imports.counts, cell: (one) => <p class="counts">{countsOf(one)}</p> },
        ]}
        rows={rows}
        keyOf={(one) => one.uuid}
        empty={said.imports.none}
      />
      {more.error && <Failed error={more.error} />}
      {list.next && (
        <Button busy={more.busy} onClick={() => void more.run()}>
          {said.imports.more}
        </Button>
      )}
    </>
  );
}

function sourceOf(source: string | null): string {
  const sources: Readonly<Record<string, string>> = said.imports.sources;
  return source === null ? "" : (sources[source] ?? source);
}

function countsOf({ counts }: ImportListed): string {
  return CLASSES.filter((name) => (counts[name] ?? 0) > 0)
    .map((name) => `${count(counts[name] ?? 0)} ${said.imports.countWords[name]}`)
    .join(", ");
}
