/** Who did what, the newest first. */

import { useState } from "preact/hooks";
import { address, get } from "../api/http";
import { useAction } from "../app/hooks";
import { Link } from "../app/router";
import { paths } from "../app/routes";
import type { Listed } from "../course/model";
import { useMore } from "../course/more";
import { said } from "../text/operators";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { TextField } from "../ui/field";
import { Loading } from "../ui/loading";
import { Table } from "../ui/table";

/** One deed. `action`: the operation's id in the API document. */
interface Entry {
  readonly number: number;
  readonly time: string;
  readonly user_id: string;
  readonly staff: boolean;
  readonly service: string;
  readonly action: string;
  readonly objects: readonly string[];
  readonly project_uuid: string | null;
  readonly status: number;
  readonly request_id: string;
}

export function Audit() {
  const words = said.audit;
  const [typed, setTyped] = useState({ user: "", action: "" });
  const [wanted, setWanted] = useState(typed);
  const list = useMore<Entry>(address("/api/audit/", { ...wanted, page_size: 50 }));
  const more = useAction(() => list.more((path) => get<Listed<Entry>>(path)));
  return (
    <section aria-labelledby="audit-title">
      <h2 id="audit-title">{words.title}</h2>
      <form
        class="filters"
        role="search"
        aria-label={words.filters}
        onSubmit={(event) => {
          event.preventDefault();
          setWanted({ user: typed.user.trim(), action: typed.action.trim() });
        }}
      >
        <TextField
          label={words.user}
          value={typed.user}
          maxLength={200}
          onInput={(user) => setTyped({ ...typed, user })}
        />
        <TextField
          label={words.action}
          value={typed.action}
          maxLength={100}
          onInput={(action) => setTyped({ ...typed, action })}
        />
        <div class="filters-end">
          <Button type="submit" icon="search">
            {words.apply}
          </Button>
          {(wanted.user || wanted.action) && (
            <Button
              kind="quiet"
              onClick={() => {
                setTyped({ user: "", action: "" });
                setWanted({ user: "", action: "" });
              }}
            >
              {words.clear}
            </Button>
          )}
        </div>
      </form>
      {list.error && <Failed error={list.error} retry={list.again} />}
      {list.items === undefined && !list.error && <Loading />}
      {list.items && (
        <Table<Entry>
          id="audit"
          caption={words.caption}
          hideCaption
          columns={[
            {
              name: "when",
              title: words.when,
              heads: true,
              cell: (one) => <time dateTime={one.time}>{words.at(one.time)}</time>,
            },
            {
              name: "who",
              title: words.who,
              cell: (one) => (
                <>
                  {one.user_id} {one.staff && <span class="hint">{words.staff}</span>}
                </>
              ),
            },
            {
              name: "what",
              title: words.what,
              cell: (one) => (
                <>
                  <code>{one.action}</code> <p class="hint">{one.service}</p>
                </>
              ),
            },
            { name: "about", title: words.about, cell: (one) => <About entry={one} /> },
            { name: "outcome", title: words.outcome, cell: (one) => <Outcome status={one.status} /> },
            { name: "request", title: words.request, cell: (one) => <code class="small">{one.request_id}</code> },
          ]}
          rows={list.items}
          keyOf={(one) => one.number}
          empty={words.none}
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

function About({ entry }: { readonly entry: Entry }) {
  return (
    <>
      {entry.project_uuid && (
        <p>
          <Link to={paths.course(entry.project_uuid)}>{said.jobs.all.course}</Link>
        </p>
      )}
      {entry.objects.length > 0 && <code class="small">{entry.objects.join(" ")}</code>}
    </>
  );
}

function Outcome({ status }: { readonly status: number }) {
  if (status < 400)
    return (
      <Tag tone="good" icon="check">
        {said.audit.done}
      </Tag>
    );
  if (status < 500)
    return (
      <Tag tone="wait" icon="mark">
        {said.audit.refused(status)}
      </Tag>
    );
  return (
    <Tag tone="bad" icon="cross">
      {said.audit.failed(status)}
    </Tag>
  );
}
