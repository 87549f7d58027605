/** Follows one import: by a stream of events, and where that cannot be had by asking again and again. */

import { type ImportStatus, eventsPath, importPath } from "../api/imports";
import { get, rest } from "../api/http";
import { type ApiError, noAnswer, problemOf } from "../api/problem";
import { signedOut } from "../api/credential";
import { EventReader } from "../pure/events";
import { type News, backOff, newsOf, pollAfter } from "../pure/follow";

/** `live`: by events. `polling`: by asking. `lost`: nobody answers at the moment. */
export type Connection = "connecting" | "live" | "polling" | "lost";

export interface Listener {
  readonly news: (news: readonly News[]) => void;
  readonly connection: (connection: Connection, error?: ApiError) => void;
}

const SILENT_MS = 35_000; // the server says something at least every 15 s
const FIRST_EVENT_MS = 8_000; // a proxy that holds events back is as good as none
const STREAM_AGAIN_S = 60;
const NOT_YET_S = 1; // an import is visible a moment after it was submitted
const POLL_FIRST_MS = 5_000; // after a stream failed twice: somebody may answer who cannot stream

export class Follower {
  private readonly stop = new AbortController();
  private round = new AbortController();
  private status: ImportStatus | undefined;
  private etag: string | null = null;
  private lastId: string | null = null;
  private failures = 0;
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
      this.failures += 1;
      if (error.status === 404) this.listener.connection("connecting", error);
      else if (this.failures > 1) this.listener.connection("lost", error);
      if (this.failures > 1 && streaming) this.streamFrom = Date.now() + POLL_FIRST_MS;
      await this.pause(error.status === 404 ? NOT_YET_S : backOff(this.failures, Math.random()));
    }
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
        this.failures = 0;
        this.told(news);
        this.listener.connection("live");
      }
      if (heard) await this.pause((reader.retry ?? 1000) / 1000);
      return heard ? undefined : noAnswer("away");
    } catch {
      if (signal.aborted) return noAnswer("stopped");
      if (!heard && quiet.signal.aborted) this.streamFrom = Date.now() + STREAM_AGAIN_S * 1000;
      return heard ? undefined : noAnswer(quiet.signal.aborted ? "late" : "away");
    } finally {
      clearTimeout(timer);
    }
  }

  /** The server sends no stream now: it is asked again and again instead, and later for a stream once more. */
  private async refused(response: Response): Promise<ApiError | undefined> {
    const error = problemOf(response.status, await response.json().catch(() => null), response.headers);
    if (error.status === 401) signedOut();
    if (error.code !== "TOO_MANY_STREAMS") return error;
    this.streamFrom = Date.now() + (error.retryAfter ?? STREAM_AGAIN_S) * 1000;
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
