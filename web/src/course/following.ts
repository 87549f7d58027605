/** Noticing by itself that accounts of a course have changed, without asking more than the server wants to be asked. */

import { rest } from "../api/http";
import type { ApiError } from "../api/problem";
import { askImports, awaitNews } from "./asking";
import type { ImportListed } from "./model";
import { liveliest, nextLookMs } from "./news";

const AFTER_ERROR_S = 5;
const HURRIED_S = 2;
const BETWEEN_NEWS_S = 1;

/** Whoever is told. */
export interface Listener {
  readonly imports: (imports: readonly ImportListed[]) => void;
  readonly lost: (error: ApiError) => void;
}

/** Follows one course until it is stopped: it sleeps while nobody looks at the page. */
export class Following {
  private nudge = new AbortController();
  private hurriedUntil = 0;
  private readonly stopped = new AbortController();

  constructor(
    private readonly course: string,
    private readonly listener: Listener,
  ) {
    void this.run();
  }

  stop(): void {
    this.stopped.abort();
  }

  /** Look now, and often for some seconds: something was begun that is soon over. */
  hurry(seconds: number): void {
    this.hurriedUntil = Math.max(this.hurriedUntil, Date.now() + seconds * 1000);
    this.nudge.abort();
  }

  /** From the next look on, look often for some seconds: something shown is on its way. */
  soon(seconds: number): void {
    this.hurriedUntil = Math.max(this.hurriedUntil, Date.now() + seconds * 1000);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await seen(signal);
      const answer = await askImports(this.course, signal);
      if (signal.aborted) return;
      if (!answer.ok) {
        this.listener.lost(answer.error);
        await this.pause(AFTER_ERROR_S);
        continue;
      }
      const imports = answer.value.results;
      this.listener.imports(imports);
      const lively = liveliest(imports);
      if (lively === null) await this.pause(nextLookMs(imports) / 1000);
      else await this.news(lively.uuid, lively.version);
    }
  }

  /** Until the import has news; a pause afterwards, so that a quick one is not asked about a hundred times. */
  private async news(uuid: string, version: number): Promise<void> {
    await awaitNews(uuid, version, this.awake());
    await rest(BETWEEN_NEWS_S, this.stopped.signal);
  }

  private async pause(seconds: number): Promise<void> {
    const hurried = Date.now() < this.hurriedUntil;
    await rest(hurried ? Math.min(HURRIED_S, seconds) : seconds, this.awake());
  }

  private awake(): AbortSignal {
    this.nudge = new AbortController();
    return AbortSignal.any([this.stopped.signal, this.nudge.signal]);
  }
}

/** Until somebody looks at the page. */
function seen(signal: AbortSignal): Promise<void> {
  if (document.visibilityState === "visible" || signal.aborted) return Promise.resolve();
  return new Promise((done) => {
    const finish = (): void => {
      document.removeEventListener("visibilitychange", finish);
      done();
    };
    document.addEventListener("visibilitychange", finish, { signal });
    signal.addEventListener("abort", finish, { once: true });
  });
}
