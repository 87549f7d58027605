/** What a job could not do, account by account. */

import { get } from "../api/http";
import { useAction } from "../app/hooks";
import { said } from "../text/course";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { Table } from "../ui/table";
import { paths } from "./asking";
import type { Listed, Refusal } from "./model";
import { useMore } from "./more";

export function Refusals({ job, number }: { readonly job: string; readonly number: number }) {
  const list = useMore<Refusal>(paths.refusals(job));
  const more = useAction(() => list.more((path) => get<Listed<Refusal>>(path)));
  if (list.error) return <Failed error={list.error} retry={list.again} />;
  if (list.items === undefined) return <Loading />;
  return (
    <>
      <Table<Refusal>
        caption={said.jobs.refusedCaption(number)}
        columns={[
          {
            name: "account",
            title: said.jobs.account,
            heads: true,
            cell: (one) => one.email ?? <code>{one.account_uuid}</code>,
          },
          { name: "why", title: said.jobs.why, cell: (one) => one.message },
          { name: "hint", title: said.jobs.hint, cell: (one) => one.hint },
        ]}
        rows={list.items}
        keyOf={(one) => one.account_uuid}
      />
      {more.error && <Failed error={more.error} />}
      {list.next && (
        <Button busy={more.busy} onClick={() => void more.run()}>
          {said.jobs.more}
        </Button>
      )}
    </>
  );
}
