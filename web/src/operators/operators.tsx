/** What staff look at and do for all courses together. */

import { session } from "../api/credential";
import { useStore, useTitle } from "../app/hooks";
import { Link, go } from "../app/router";
import { paths } from "../app/routes";
import { said } from "../text/operators";
import { Notice } from "../ui/notice";
import { Tabs } from "../ui/tabs";
import { Audit } from "./audit";
import { HealthView } from "./health_view";
import { JobsView } from "./jobs_view";
import { ParkedView } from "./parked_view";
import { ReplaysView } from "./replays_view";
import { Reports } from "./reports";
import { ServiceView } from "./service_view";

const TABS = {
  health: HealthView,
  service: ServiceView,
  parked: ParkedView,
  replays: ReplaysView,
  reports: Reports,
  jobs: JobsView,
  audit: Audit,
} as const;
type Name = keyof typeof TABS;
const NAMES = Object.keys(TABS) as Name[];

export function Operators({ rest }: { readonly rest: readonly string[] }) {
  const now = useStore(session);
  useTitle(said.title);
  const staff = (now.state === "in" || now.state === "over") && now.user.staff;
  if (!staff) {
    return (
      <>
        <h1>{said.title}</h1>
        <Notice tone="wait" title={said.staffOnly}>
          <p>{said.staffOnlyWhy}</p>
          <p>
            <Link to={paths.courses()}>{paths.courses()}</Link>
          </p>
        </Notice>
      </>
    );
  }
  const current = NAMES.find((name) => name === rest[0]) ?? "health";
  const View = TABS[current];
  return (
    <>
      <h1>{said.title}</h1>
      <Tabs
        label={said.tabs.label}
        tabs={NAMES.map((name) => ({ name, title: said.tabs[name] }))}
        current={current}
        onChange={(name) =>
          go(`${paths.operators()}${name === "health" ? "" : `${name}/`}`, { replace: true, keepScroll: true })
        }
      >
        <div class="carded">
          <View key={current} />
        </div>
      </Tabs>
    </>
  );
}
