/** Says things no more often than every so many milliseconds; of what comes in between, the last one. */

export interface Timing {
  readonly now: () => number;
  readonly later: (act: () => void, milliseconds: number) => void;
}

const REAL: Timing = {
  now: () => Date.now(),
  later: (act, milliseconds) => void setTimeout(act, milliseconds),
};

export class Quiet {
  private last = Number.NEGATIVE_INFINITY;
  private waiting: string | null = null;

  constructor(
    private readonly gap: number,
    private readonly say: (sentence: string) => void,
    private readonly timing: Timing = REAL,
  ) {}

  tell(sentence: string, now = false): void {
    const since = this.timing.now() - this.last;
    if (now || since >= this.gap) {
      this.waiting = null;
      this.speak(sentence);
      return;
    }
    const planned = this.waiting !== null;
    this.waiting = sentence;
    if (!planned) this.timing.later(() => this.turn(), this.gap - since);
  }

  private turn(): void {
    if (this.waiting === null) return;
    const since = this.timing.now() - this.last;
    if (since < this.gap) {
      this.timing.later(() => this.turn(), this.gap - since);
      return;
    }
    const sentence = this.waiting;
    this.waiting = null;
    this.speak(sentence);
  }

  private speak(sentence: string): void {
    this.last = this.timing.now();
    this.say(sentence);
  }
}
