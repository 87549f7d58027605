/** What the course page asks the server. */

import { type Answer, address, get, patch, post, remove } from "../api/http";
import type { Explained } from "./causes";
import type { Account, DryRun, ImportListed, Job, Listed, Ordered, Project } from "./model";
import { MOST_NAMED, type Order } from "./selection";
import { type View, filtersOf, listQuery } from "./view";

const ACCOUNTS = "/api/marketplace-course-accounts/";
const JOBS = "/api/jobs/";
const LARGEST_PAGE = 300;

/** A page of accounts, and how many fit in all. */
export interface Accounts {
  readonly accounts: readonly Account[];
  readonly count: number;
}

export const paths = {
  project: (course: string) => `/api/course-projects/${course}/`,
  accounts: (view: View, course: string) => `${ACCOUNTS}?${listQuery(view, course)}`,
  account: (uuid: string) => `${ACCOUNTS}${uuid}/`,
  history: (uuid: string) => `${ACCOUNTS}${uuid}/history/`,
  file: (view: View, course: string) =>
    address(`${ACCOUNTS}export.csv`, { project_uuid: course, state: view.problem === null ? view.states : ["Erred"] }),
  imports: (course: string) => address("/api/course-imports/", { project: course, page_size: 20 }),
  jobs: () => address(JOBS, { page_size: 50 }),
  job: (uuid: string) => `${JOBS}${uuid}/`,
  refusals: (uuid: string) => address(`${JOBS}${uuid}/refusals/`, { page_size: 100 }),
};

/** A page of accounts with the number of all that fit. */
export async function askAccounts(path: string, signal?: AbortSignal): Promise<Answer<Accounts>> {
  const answer = await get<readonly Account[]>(path, { signal });
  return answer.ok ? { ...answer, value: { accounts: answer.value, count: countOf(answer.headers) } } : answer;
}

/** A course with the numbers of its accounts. */
export function askProject(course: string, signal?: AbortSignal): Promise<Answer<Project>> {
  return get<Project>(paths.project(course), { signal });
}

/** Why the failed accounts of a course failed, in numbers by code. */
export async function askCauses(course: string, signal?: AbortSignal): Promise<Answer<DryRun>> {
  return post<DryRun>(JOBS, { action: "retry", project: course, dry_run: true }, { signal });
}

/** The sentences of a code, as one account that failed with it tells them. */
export async function askExplained(course: string, code: string): Promise<Explained | null> {
  const path = address(ACCOUNTS, { project_uuid: course, error_code: code, page_size: 1 });
  const answer = await get<readonly Account[]>(path);
  const one = answer.ok ? answer.value[0] : undefined;
  return one === undefined ? null : { message: one.error_message, hint: one.error_hint || null };
}

/** The ids of all accounts that the filters let through; at most as many as one job takes. */
export async function askIds(view: View, course: string): Promise<Answer<readonly string[]>> {
  const ids: string[] = [];
  for (let page = 1; ids.length < MOST_NAMED; page++) {
    const query = filtersOf(view, course);
    query.set("o", "created");
    query.set("page", String(page));
    query.set("page_size", String(LARGEST_PAGE));
    const answer = await askAccounts(`${ACCOUNTS}?${query}`);
    if (!answer.ok) return answer;
    ids.push(...answer.value.accounts.map((one) => one.uuid));
    if (ids.length >= answer.value.count || answer.value.accounts.length < LARGEST_PAGE) {
      return { ...answer, value: ids.slice(0, MOST_NAMED) };
    }
  }
  return { ok: true, value: ids.slice(0, MOST_NAMED), status: 200, headers: new Headers() };
}

/** What an order would be about. */
export function askDryRun(order: Order, signal?: AbortSignal): Promise<Answer<DryRun>> {
  return post<DryRun>(JOBS, { ...order, dry_run: true }, { signal });
}

/** Ask for a job; the same key again is the same job. */
export function giveOrder(order: Order, reason: string, key: string): Promise<Answer<Ordered>> {
  return post<Ordered>(JOBS, { ...order, reason }, { key });
}

/** Drop what a job has not begun. */
export function cancelJob(uuid: string): Promise<Answer<Job>> {
  return post<Job>(`${paths.job(uuid)}cancel/`);
}

/** One account. */
export function askAccount(uuid: string, signal?: AbortSignal): Promise<Answer<Account>> {
  return get<Account>(paths.account(uuid), { signal });
}

/** Try one account again. */
export function retryAccount(uuid: string, key: string): Promise<Answer<Account>> {
  return post<Account>(`${paths.account(uuid)}retry/`, undefined, { key });
}

/** Close one account. */
export function closeAccount(uuid: string, key: string): Promise<Answer<Account>> {
  return remove<Account>(paths.account(uuid), { headers: { "Idempotency-Key": key } });
}

/** Set the last day of a course. */
export function extendCourse(course: string, endDate: string): Promise<Answer<Project>> {
  return patch<Project>(paths.project(course), { end_date: endDate });
}

/** The newest imports of a course. */
export function askImports(course: string, signal?: AbortSignal): Promise<Answer<Listed<ImportListed>>> {
  return get<Listed<ImportListed>>(paths.imports(course), { signal });
}

/** Wait, at most for so long, until an import has news beyond a version. */
export function awaitNews(uuid: string, version: number, signal: AbortSignal): Promise<Answer<unknown>> {
  const path = address(`/api/course-imports/${uuid}/`, { since: version, wait: WAIT_S });
  return get<unknown>(path, { signal, within: WAIT_S + 15 });
}

const WAIT_S = 20;

function countOf(headers: Headers): number {
  const number = Number(headers.get("X-Result-Count") ?? 0);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}
