/** Reading a stream of server-sent events, piece by piece as it comes. */

export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** Feed it text as it comes; it keeps what is not complete yet, and the id and the pause the server asked for. */
export class EventReader {
  /** The id of the last event, to go on from. */
  lastId: string | null = null;
  /** Milliseconds to wait before connecting again, if the server said so. */
  retry: number | null = null;
  private rest = "";
  private name = "";
  private data: string[] = [];

  constructor(private readonly longest = 4_000_000) {}

  /** The events that are complete now. */
  read(piece: string): ServerEvent[] {
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    if (this.rest.length > this.longest) throw new RangeError("an event without end");
    const events: ServerEvent[] = [];
    for (const line of lines) {
      if (line === "") this.dispatch(events);
      else this.take(line);
    }
    return events;
  }

  private dispatch(events: ServerEvent[]): void {
    if (this.data.length > 0) events.push({ name: this.name || "message", data: this.data.join("\n") });
    this.name = "";
    this.data = [];
  }

  private take(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.name = value;
    else if (field === "data") this.data.push(value);
    else if (field === "id" && !value.includes("\0")) this.lastId = value;
    else if (field === "retry" && /^\d{1,7}$/.test(value)) this.retry = Number(value);
  }
}
