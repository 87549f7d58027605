/** Does something soon after it is wanted, and not more often than every so many milliseconds. */
export class Pace {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly gap: number,
    private readonly act: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  want(): void {
    if (this.timer !== undefined) return;
    const left = Math.max(0, this.last + this.gap - this.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.last = this.now();
      this.act();
    }, left);
  }

  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
