/** Replays: the sets of tables there are, what was replayed, and what can be done with it. */

import { useState } from "preact/hooks";
import { get } from "../api/http";
import { useAction } from "../app/hooks";
import { useMore } from "../course/more";
import { useKept } from "../course/hooks";
import type { Listed } from "../course/model";
import { moment } from "../pure/numbers";
import { said } from "../text/operators";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { Loading } from "../ui/loading";
import { Table } from "../ui/table";
import { useTick } from "./polling";
import { ReplayCard } from "./replay_card";
import type { KnownSet, Replay } from "./replay_model";
import { NewReplay } from "./replay_new";
import { isWorking } from "./replays";

interface Replays extends Listed<Replay> {
  readonly sets: readonly KnownSet[];
}

const PATH = "/api/replays/?page_size=10";
const EVERY_S = 3;

export function ReplaysView() {
  const tick = useTick(EVERY_S);
  const list = useKept(PATH, tick, (signal) => get<Replays>(PATH, { signal }));
  const [asking, setAsking] = useState<"build" | "verify">();
  const older = list.value?.next ?? null;
  return (
    <>
      <p class="soft">{said.replays.what}</p>
      <div class="actions">
        <Button kind="main" onClick={() => setAsking("build")}>
          {said.replays.build}
        </Button>
        <Button onClick={() => setAsking("verify")}>{said.replays.verify}</Button>
      </div>
      {list.error && <Failed error={list.error} retry={list.again} />}
      {list.value === undefined && !list.error && <Loading />}
      {list.value && (
        <>
          <h2>{said.replays.list}</h2>
          {list.value.results.length === 0 && <p class="soft">{said.replays.none}</p>}
          {list.value.results.map((replay, index) => (
            <ReplayCard
              key={replay.uuid}
              replay={replay}
              open={index === 0 || isWorking(replay)}
              onChanged={list.again}
            />
          ))}
          {older && <Older from={older} onChanged={list.again} />}
          <Sets sets={list.value.sets} />
        </>
      )}
      {asking && (
        <NewReplay
          kind={asking}
          editions={[...new Set(list.value?.sets.map((set) => set.edition) ?? [])]}
          onClose={() => setAsking(undefined)}
          onDone={() => {
            setAsking(undefined);
            list.again();
          }}
        />
      )}
    </>
  );
}

/** Replays of before, read when somebody asks for them. */
function Older({ from, onChanged }: { readonly from: string; readonly onChanged: () => void }) {
  const [begun, setBegun] = useState<string>();
  const list = useMore<Replay>(begun ?? null);
  const more = useAction(() => list.more((path) => get<Listed<Replay>>(path)));
  if (begun === undefined) {
    return <Button onClick={() => setBegun(from.replace(/^https?:\/\/[^/]+/, ""))}>{said.replays.more}</Button>;
  }
  if (list.error) return <Failed error={list.error} retry={list.again} />;
  if (list.items === undefined) return <Loading />;
  return (
    <>
      {list.items.map((replay) => (
        <ReplayCard key={replay.uuid} replay={replay} open={false} onChanged={onChanged} />
      ))}
      {list.next && (
        <Button busy={more.busy} onClick={() => void more.run()}>
          {said.replays.more}
        </Button>
      )}
    </>
  );
}

function Sets({ sets }: { readonly sets: readonly KnownSet[] }) {
  const words = said.replays;
  return (
    <Table<KnownSet>
      id="sets"
      caption={words.sets}
      columns={[
        {
          name: "set",
          title: words.set,
          heads: true,
          cell: (one) => (
            <>
              <code>{one.set}</code>{" "}
              {one.active && (
                <Tag tone="good" icon="check">
                  {words.answers}
                </Tag>
              )}
            </>
          ),
        },
        { name: "edition", title: words.edition, cell: (one) => one.edition },
        { name: "state", title: words.state, cell: (one) => one.state },
        { name: "made", title: words.made, cell: (one) => one.made && moment(one.made) },
      ]}
      rows={sets}
      keyOf={(one) => one.set}
      empty={words.setsNone}
    />
  );
}
