/** What should be closed and is not, and what only one side knows. */

import { get } from "../api/http";
import { useAction } from "../app/hooks";
import { Link } from "../app/router";
import { paths } from "../app/routes";
import { useMore } from "../course/more";
import { useGet } from "../app/hooks";
import type { Listed } from "../course/model";
import { count, when } from "../pure/numbers";
import { said } from "../text/operators";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { Table } from "../ui/table";
import type { Unclosed } from "./model";
import { Orphans } from "./orphans_view";

const PATH = "/api/unclosed-accounts/?page_size=50";

export function Reports() {
  return (
    <>
      <UnclosedReport />
      <Orphans />
    </>
  );
}

function UnclosedReport() {
  const words = said.reports.unclosed;
  const total = useGet<{ readonly total: number }>("/api/unclosed-accounts/?page_size=1");
  const list = useMore<Unclosed>(PATH);
  const more = useAction(() => list.more((path) => get<Listed<Unclosed>>(path)));
  return (
    <section class="card" aria-labelledby="unclosed-title">
      <h2 id="unclosed-title">{words.title(total.value?.total ?? list.items?.length ?? 0)}</h2>
      {list.error && <Failed error={list.error} retry={list.again} />}
      {list.items === undefined && !list.error && <Loading />}
      {list.items && list.items.length > 0 && (
        <Table<Unclosed>
          id="unclosed"
          caption={words.caption}
          hideCaption
          columns={[
            {
              name: "account",
              title: words.account,
              heads: true,
              cell: (one) => <Link to={paths.story(one.account_uuid)}>{words.open}</Link>,
            },
            {
              name: "course",
              title: words.course,
              cell: (one) => <Link to={paths.course(one.project_uuid)}>{one.project_name ?? one.project_uuid}</Link>,
            },
            { name: "state", title: words.state, cell: (one) => words.states[one.state] ?? one.state },
            { name: "since", title: words.since, cell: (one) => when(one.since) },
            {
              name: "why",
              title: words.why,
              cell: (one) =>
                one.error && (
                  <>
                    <p>{one.error.message}</p>
                    <p class="hint">{one.error.hint}</p>
                  </>
                ),
            },
            { name: "attempts", title: words.attempts, numeric: true, cell: (one) => count(one.attempts) },
            {
              name: "next",
              title: words.next,
              cell: (one) => (one.next_attempt ? when(one.next_attempt) : one.state === "given_up" ? words.gaveUp : ""),
            },
          ]}
          rows={list.items}
          keyOf={(one) => one.account_uuid}
        />
      )}
      {more.error && <Failed error={more.error} />}
      {list.next && (
        <Button busy={more.busy} onClick={() => void more.run()}>
          {said.more}
        </Button>
      )}
    </section>
  );
}
