/** Dead letters of all three services: by cause, one by one, redrive and drop, and the jobs that do it. */

import { useState } from "preact/hooks";
import { said } from "../text/operators";
import { Failed } from "../ui/failed";
import { ParkedCauses } from "./parked_causes";
import { ParkedJobCard } from "./parked_job";
import { ParkedList } from "./parked_list";
import type { Service } from "./parked_model";
import { SERVICES } from "./parked_model";
import { type ParkedWanted, ParkedOrderDialog } from "./parked_order";
import { allCauses } from "./parked";
import { type ParkedPage, paths } from "./parked_asking";
import { usePolled } from "./polling";

const EVERY_S = 10;

export function ParkedView() {
  const looks = {
    importer: usePolled<ParkedPage>(paths.causes("importer"), EVERY_S),
    provisioner: usePolled<ParkedPage>(paths.causes("provisioner"), EVERY_S),
    projector: usePolled<ParkedPage>(paths.causes("projector"), EVERY_S),
  };
  const causes = allCauses(SERVICES.map((service) => looks[service].value?.causes ?? []));
  const known = SERVICES.every((service) => looks[service].value !== undefined);
  const [listed, setListed] = useState<{ service: Service; code: string }>({ service: "importer", code: "" });
  const [wanted, setWanted] = useState<ParkedWanted>();
  const [begun, setBegun] = useState<readonly { service: Service; job: string }[]>([]);
  const [edition, setEdition] = useState(0);
  const again = (): void => {
    for (const service of SERVICES) looks[service].again();
    setEdition((old) => old + 1);
  };
  return (
    <>
      <p class="soft">{said.parked.what}</p>
      {SERVICES.map((service) => {
        const { error } = looks[service];
        return (
          error && (
            <Failed key={service} error={error} title={said.parked.services[service]} retry={looks[service].again} />
          )
        );
      })}
      {begun.length > 0 && (
        <section class="card jobs" aria-labelledby="parked-jobs-title">
          <h2 id="parked-jobs-title">{said.parked.jobs.title}</h2>
          {begun.map(({ service, job }) => (
            <ParkedJobCard
              key={job}
              service={service}
              uuid={job}
              onProgress={again}
              onHide={() => setBegun((old) => old.filter((one) => one.job !== job))}
            />
          ))}
        </section>
      )}
      {known && (
        <ParkedCauses
          causes={causes}
          onShow={(service, code) => {
            setListed({ service, code });
            document.getElementById("parked-list")?.scrollIntoView();
            document.getElementById("parked-list-title")?.focus();
          }}
          onOrder={setWanted}
        />
      )}
      <ParkedList
        service={listed.service}
        code={listed.code}
        codes={causes.filter((one) => one.service === listed.service).map((one) => one.code)}
        edition={edition}
        onFilter={(service, code) => setListed({ service, code })}
        onOrder={setWanted}
      />
      {wanted && (
        <ParkedOrderDialog
          {...wanted}
          onClose={() => setWanted(undefined)}
          onOrdered={(job) => {
            setBegun((old) => [{ service: wanted.service, job }, ...old]);
            wanted.done?.();
            setWanted(undefined);
          }}
        />
      )}
    </>
  );
}
