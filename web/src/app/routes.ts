/** The page's own addresses. Pure. */

export type Route =
  | { readonly view: "courses" }
  /** One course; `rest`: what comes after its uuid, for the course's own tabs. */
  | { readonly view: "course"; readonly course: string; readonly rest: readonly string[] }
  /** Add accounts; `draft`: the uuid of the draft that is being looked at. */
  | { readonly view: "add"; readonly course: string; readonly tab: "single" | "batch"; readonly draft: string | null }
  | { readonly view: "import"; readonly import: string }
  | { readonly view: "operators"; readonly rest: readonly string[] }
  | { readonly view: "account"; readonly rest: readonly string[] }
  /** The story of one course account. */
  | { readonly view: "story"; readonly account: string }
  | { readonly view: "nowhere" };

const UUID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;
const NOWHERE: Route = { view: "nowhere" };

/** The addresses, to link to. */
export const paths = {
  courses: () => "/",
  course: (course: string) => `/courses/${course}/`,
  addSingle: (course: string) => `/courses/${course}/add/single/`,
  addBatch: (course: string) => `/courses/${course}/add/`,
  draft: (course: string, draft: string) => `/courses/${course}/add/${draft}/`,
  import: (one: string) => `/imports/${one}/`,
  operators: () => "/operators/",
  account: () => "/account/",
  story: (account: string) => `/account/${account}/`,
};

/** What an address shows. */
export function routeOf(path: string): Route {
  const segments = path.split("/").filter(Boolean);
  const [first, second, third, fourth, ...more] = segments;
  switch (first) {
    case undefined:
      return { view: "courses" };
    case "operators":
      return { view: "operators", rest: segments.slice(1) };
    case "account":
      if (isUuid(second)) return third === undefined ? { view: "story", account: plain(second) } : NOWHERE;
      return { view: "account", rest: segments.slice(1) };
    case "imports":
      return isUuid(second) && third === undefined ? { view: "import", import: plain(second) } : NOWHERE;
    case "courses":
      if (!isUuid(second)) return NOWHERE;
      if (third !== "add") return { view: "course", course: plain(second), rest: segments.slice(2) };
      if (more.length > 0) return NOWHERE;
      return adding(plain(second), fourth);
    default:
      return NOWHERE;
  }
}

function adding(course: string, what: string | undefined): Route {
  if (what === undefined) return { view: "add", course, tab: "batch", draft: null };
  if (what === "single") return { view: "add", course, tab: "single", draft: null };
  return isUuid(what) ? { view: "add", course, tab: "batch", draft: plain(what) } : NOWHERE;
}

function isUuid(segment: string | undefined): segment is string {
  return segment !== undefined && UUID.test(segment);
}

/** A uuid as the interface spells it. */
function plain(uuid: string): string {
  return uuid.replaceAll("-", "").toLowerCase();
}
