/** Follows one import: by a stream of events, and where that cannot be had by asking again and again. */

import { type ImportStatus, eventsPath, importPath } from "../api/imports";
import { get, rest } from "../api/http";
import { type ApiError, noAnswer, problemOf } from "../api/problem";
import { signedOut } from "../api/credential";
import { EventReader } from "../pure/events";
import { type News, backOff, newsOf, pollAfter, streamAgain } from "../pure/follow";

/** `live`: by events. `polling`: by asking. `lost`: nobody answers at the moment. */
export type Connection = "connecting" | "live" | "polling" | "lost";

export interface Listener {
  readonly news: (news: readonly News[]) => void;
  readonly connection: (connection: Connection, error?: ApiError) => void;
}

const SILENT_MS = 35_000; // the server says something at least every 15 s
const FIRST_EVENT_MS = 8_000; // a proxy that holds events back is as good as none
const TOO_MANY_AGAIN_S = 60;
const NOT_YET_S = 1; // an import is visible a moment after it was submitted
const HELD_BACK = 5; // as many failures as a stream counts in which nothing came: waiting for it takes long
const CUT_S = 1; // a stream that was cut is not asked for again at once

export class Follower {
  private readonly stop = new AbortController();
  private round = new AbortController();
  private status: ImportStatus | undefined;
  private etag: string | null = null;
  private lastId: string | null = null;
  /** Tries in a row that nobody answered. */
  private failures = 0;
  /** Streams in a row that gave nothing, while polls may be answered. */
  private streamFailures = 0;
  private streamFrom = 0;

  constructor(
    private readonly uuid: string,
    private readonly listener: Listener,
  ) {}

  start(): void {
    document.addEventListener("visibilitychange", this.turned);
    window.addEventListener("online", this.turned);
    void this.run();
  }

  end(): void {
    document.removeEventListener("visibilitychange", this.turned);
    window.removeEventListener("online", this.turned);
    this.stop.abort();
    this.round.abort();
  }

  /** Something was done: look at once. */
  nudge(): void {
    this.round.abort();
  }

  private readonly turned = (): void => this.round.abort();

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      this.round = new AbortController();
      const { signal } = this.round;
      const streaming = !document.hidden && Date.now() >= this.streamFrom;
      const error = streaming ? await this.stream(signal) : await this.poll(signal);
      if (this.stop.signal.aborted) return;
      if (error === undefined || error.kind === "stopped") continue;
      if (error.status === 401 || error.status === 403) {
        await this.pause(backOff(6, Math.random()));
        continue;
      }
      if (error.status === 404) {
        this.listener.connection("connecting", error);
        await this.pause(NOT_YET_S);
        continue;
      }
      this.failures += 1;
      if (streaming) this.noStream();
      else {
        // Nobody answers at all, which says nothing about streams: the next is tried first.
        if (this.failures > 1) this.listener.connection("lost", error);
        this.streamFailures = 1;
        this.streamFrom = 0;
      }
      const pollNow = streaming && Date.now() < this.streamFrom;
      if (!pollNow) await this.pause(backOff(this.failures, Math.random()));
    }
  }

  private noStream(): void {
    this.streamFailures += 1;
    this.streamFrom = Date.now() + streamAgain(this.streamFailures) * 1000;
  }

  private async stream(signal: AbortSignal): Promise<ApiError | undefined> {
    const reader = new EventReader();
    const quiet = new AbortController();
    let timer = setTimeout(() => quiet.abort(), FIRST_EVENT_MS);
    let heard = false;
    try {
      const response = await fetch(eventsPath(this.uuid), {
        headers: { Accept: "text/event-stream", ...(this.lastId ? { "Last-Event-ID": this.lastId } : {}) },
        signal: AbortSignal.any([signal, quiet.signal]),
        cache: "no-store",
        credentials: "same-origin",
        redirect: "error",
      });
      if (!response.ok || response.body === null) return await this.refused(response);
      const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await pieces.read();
        if (done) break; // the server is about to stop: another copy goes on
        clearTimeout(timer);
        timer = setTimeout(() => quiet.abort(), SILENT_MS);
        const news = reader.read(value).flatMap(newsOf);
        this.lastId = reader.lastId ?? this.lastId;
        if (news.length === 0) continue;
        heard = true;
        this.failures = this.streamFailures = 0;
        this.told(news);
        this.listener.connection("live");
      }
      if (heard) await this.pause((reader.retry ?? 1000) / 1000);
      return heard ? undefined : noAnswer("away");
    } catch {
      if (signal.aborted) return noAnswer("stopped");
      if (heard) {
        await this.pause(CUT_S);
        return undefined;
      }
      if (!quiet.signal.aborted) return noAnswer("away");
      this.streamFailures = Math.max(this.streamFailures, HELD_BACK);
      return noAnswer("late");
    } finally {
      clearTimeout(timer);
    }
  }

  /** The server sends no stream now: it is asked again and again instead, and later for a stream once more. */
  private async refused(response: Response): Promise<ApiError | undefined> {
    const error = problemOf(response.status, await response.json().catch(() => null), response.headers);
    if (error.status === 401) signedOut();
    if (error.code !== "TOO_MANY_STREAMS") return error;
    this.streamFrom = Date.now() + (error.retryAfter ?? TOO_MANY_AGAIN_S) * 1000;
    return undefined;
  }

  private async poll(signal: AbortSignal): Promise<ApiError | undefined> {
    const headers: Record<string, string> = this.etag === null ? {} : { "If-None-Match": this.etag };
    const answer = await get<ImportStatus | null>(importPath(this.uuid), { signal, headers });
    if (!answer.ok) return answer.error;
    this.failures = 0;
    this.etag = answer.headers.get("ETag") ?? this.etag;
    if (answer.value !== null) this.told([{ kind: "status", status: answer.value }, { kind: "again" }]);
    if (!document.hidden) this.listener.connection("polling");
    await rest(pollAfter(this.status, document.hidden), signal);
    return undefined;
  }

  private told(news: readonly News[]): void {
    for (const one of news) if (one.kind === "status") this.status = one.status;
    this.listener.news(news);
  }

  private pause(seconds: number): Promise<void> {
    return rest(seconds, AbortSignal.any([this.stop.signal, this.round.signal]));
  }
}
