/**
 * Which accounts of a course are shown, written down twice: as the query of the API, and as the query of the page's
 * own address. What somebody searches for names people, so it is never part of the page's address. Pure.
 */

export const STATES = ["OK", "Pending", "Erred", "Closed"] as const;
export type State = (typeof STATES)[number];

export const SORTABLE = ["email", "state", "username", "created", "modified"] as const;
export type Column = (typeof SORTABLE)[number];

export const PAGE_SIZES = [25, 50, 100, 300] as const;
const USUAL_SIZE = 50;
const LONGEST_SEARCH = 320;
const CODE = /^[A-Z0-9_]{1,64}$/;

/** Which accounts, in which order, which page of them. */
export interface View {
  readonly states: readonly State[];
  /** Only accounts that failed with this code. */
  readonly problem: string | null;
  /** A part of the address, in any case. */
  readonly search: string;
  readonly order: Column;
  readonly descending: boolean;
  readonly page: number;
  readonly size: number;
}

export const FIRST_VIEW: View = {
  states: [],
  problem: null,
  search: "",
  order: "email",
  descending: false,
  page: 1,
  size: USUAL_SIZE,
};

/** The filters of a view as the API names them, without order and page. */
export function filtersOf(view: View, project: string): URLSearchParams {
  const query = new URLSearchParams({ project_uuid: project });
  const states = view.problem === null ? view.states : (["Erred"] as const);
  for (const state of states) query.append("state", state);
  if (view.problem !== null) query.set("error_code", view.problem);
  const search = view.search.trim().slice(0, LONGEST_SEARCH);
  if (search !== "") query.set("email", search);
  return query;
}

/** The whole query for the list of accounts. */
export function listQuery(view: View, project: string): URLSearchParams {
  const query = filtersOf(view, project);
  query.set("o", `${view.descending ? "-" : ""}${view.order}`);
  query.set("page", String(view.page));
  query.set("page_size", String(view.size));
  return query;
}

/** The parts of the query of the page's own address: only what differs from the first view, and never the search. */
export function queryOf(view: View): Readonly<Record<string, string | readonly string[] | null>> {
  const order = `${view.descending ? "-" : ""}${view.order}`;
  return {
    state: view.states.length > 0 ? view.states : null,
    problem: view.problem,
    order: order === FIRST_VIEW.order ? null : order,
    page: view.page === 1 ? null : String(view.page),
    size: view.size === USUAL_SIZE ? null : String(view.size),
  };
}

/** The view an address stands for; what cannot be understood is left out. */
export function viewOf(text: string): View {
  const query = new URLSearchParams(text);
  const order = query.get("order") ?? FIRST_VIEW.order;
  const column = order.replace(/^-/, "");
  const known = SORTABLE.find((name) => name === column);
  const problem = query.get("problem");
  const size = Number(query.get("size"));
  const page = Number(query.get("page") ?? 1);
  return {
    states: STATES.filter((state) => query.getAll("state").includes(state)),
    problem: problem !== null && CODE.test(problem) ? problem : null,
    search: "",
    order: known ?? FIRST_VIEW.order,
    descending: known !== undefined && order.startsWith("-"),
    page: Number.isSafeInteger(page) && page >= 1 && page <= 10_000_000 ? page : 1,
    size: PAGE_SIZES.find((one) => one === size) ?? USUAL_SIZE,
  };
}

/** Whether anything is left out. */
export function isNarrowed(view: View): boolean {
  return view.states.length > 0 || view.problem !== null || view.search.trim() !== "";
}

/** How many pages `count` accounts fill; at least one. */
export function pagesOf(view: View, count: number): number {
  return Math.max(1, Math.ceil(count / view.size));
}

/** First and last position on the page, counted from one; null when there is nothing. */
export function rangeOf(view: View, count: number): { readonly first: number; readonly last: number } | null {
  const first = (view.page - 1) * view.size + 1;
  if (first > count) return null;
  return { first, last: Math.min(count, first + view.size - 1) };
}
