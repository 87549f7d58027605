/** Where the page is, and how to go elsewhere without loading it anew. */

import type { ComponentChildren } from "preact";
import { useStore } from "./hooks";
import { type Route, routeOf } from "./routes";
import { Store } from "../pure/store";

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const place = new Store<Place>(here());

/** Asked before the page goes elsewhere; an answer is the question to put to the person, null: just go. */
export const beforeLeaving = new Set<() => string | null>();

window.addEventListener("popstate", () => place.set(here()));
window.addEventListener("beforeunload", (event) => {
  if (questions().length > 0) event.preventDefault();
});

export function usePlace(): Place {
  return useStore(place);
}

export function useRoute(): Route {
  return routeOf(usePlace().path);
}

/** Go to an address of the page. `replace`: the one before is not kept in the history. */
export function go(to: string, { replace = false, keepScroll = false } = {}): void {
  const [question] = questions();
  if (question !== undefined && !window.confirm(question)) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  const moved = place.get().path !== location.pathname;
  place.set(here());
  if (moved && !keepScroll) {
    window.scrollTo(0, 0);
    document.getElementById("main")?.focus({ preventScroll: true });
  }
}

/** Change parts of the query: filters, tabs. Null takes a part away. */
export function setQuery(change: Readonly<Record<string, string | readonly string[] | null>>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) {
    query.delete(name);
    for (const one of value === null ? [] : Array.isArray(value) ? value : [value]) query.append(name, one);
  }
  const said = query.toString();
  history.replaceState(null, "", location.pathname + (said ? `?${said}` : ""));
  place.set(here());
}

interface LinkProps {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly current?: boolean;
  readonly id?: string;
}

/** A link to an address of the page: an ordinary one for the keyboard, for new tabs and for screen readers. */
export function Link({ to, children, current, ...rest }: LinkProps) {
  function follow(event: MouseEvent): void {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  }
  return (
    <a href={to} onClick={follow} aria-current={current ? "page" : undefined} {...rest}>
      {children}
    </a>
  );
}

function here(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

function questions(): string[] {
  return [...beforeLeaving].map((ask) => ask()).filter((question) => question !== null);
}
