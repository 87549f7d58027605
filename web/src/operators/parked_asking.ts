/** What the page asks about dead letters. */

import { type Answer, address, get, post } from "../api/http";
import type { Listed } from "../course/model";
import type { ParkedJob } from "./model";
import type { ParkedOrder } from "./parked";
import type { Opened, Parked, ParkedCause, ParkedCount, ParkedFailure, Service } from "./parked_model";

/** A page of records; the first one also says how many wait, by cause. */
export interface ParkedPage extends Listed<Parked> {
  readonly causes?: readonly ParkedCause[];
}

export type ParkedAction = "redrive" | "drop";

const base = (service: Service): string => `/api/parked/${service}/`;

export const paths = {
  list: (service: Service, state: string, code: string) =>
    address(base(service), { state, code: code || null, page_size: 50 }),
  causes: (service: Service) => address(base(service), { page_size: 1 }),
  record: (service: Service, id: string) => `${base(service)}${id}/`,
  jobs: (service: Service) => address(`${base(service)}jobs/`, { page_size: 20 }),
  job: (service: Service, uuid: string) => `${base(service)}jobs/${uuid}/`,
  failures: (service: Service, uuid: string) => address(`${base(service)}jobs/${uuid}/failures/`, { page_size: 100 }),
};

export function askCauses(service: Service, signal?: AbortSignal): Promise<Answer<ParkedPage>> {
  return get<ParkedPage>(paths.causes(service), { signal });
}

export function askRecord(service: Service, id: string, signal?: AbortSignal): Promise<Answer<Opened>> {
  return get<Opened>(paths.record(service, id), { signal });
}

/** How many records an order would take. */
export function countRecords(service: Service, action: ParkedAction, order: ParkedOrder): Promise<Answer<ParkedCount>> {
  return post<ParkedCount>(`${base(service)}${action}/`, { ...order, dry_run: true });
}

/** Order it; the same key again is the same job. */
export function orderRecords(
  service: Service,
  action: ParkedAction,
  order: ParkedOrder,
  key: string,
): Promise<Answer<{ readonly job: string }>> {
  return post<{ readonly job: string }>(`${base(service)}${action}/`, order, { key });
}

/** Begin with no more of a job's records. */
export function cancelParkedJob(service: Service, uuid: string): Promise<Answer<ParkedJob>> {
  return post<ParkedJob>(`${paths.job(service, uuid)}cancel/`);
}

export type { ParkedFailure };
