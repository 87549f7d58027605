import assert from "node:assert/strict";
import { test } from "node:test";
import { Quiet } from "../../src/pure/quiet";

/** Time that passes when told to. */
class Clock {
  time = 0;
  private readonly planned: { at: number; act: () => void }[] = [];
  readonly now = () => this.time;
  readonly later = (act: () => void, milliseconds: number) =>
    void this.planned.push({ at: this.time + milliseconds, act });

  pass(milliseconds: number): void {
    const until = this.time + milliseconds;
    for (;;) {
      const next = this.planned.filter((one) => one.at <= until).sort((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      this.planned.splice(this.planned.indexOf(next), 1);
      this.time = next.at;
      next.act();
    }
    this.time = until;
  }
}

function quiet(): { readonly said: string[]; readonly clock: Clock; readonly quiet: Quiet } {
  const said: string[] = [];
  const clock = new Clock();
  return { said, clock, quiet: new Quiet(5000, (sentence) => said.push(sentence), clock) };
}

test("of many sentences in a row the first is said, and later the last", () => {
  const { said, clock, quiet: tells } = quiet();
  for (let number = 0; number < 100; number += 1) {
    tells.tell(`${number}`);
    clock.pass(20);
  }
  clock.pass(10_000);
  assert.deepEqual(said, ["0", "99"]);
});

test("while it goes on something is said every few seconds, not more", () => {
  const { said, clock, quiet: tells } = quiet();
  for (let number = 0; number < 600; number += 1) {
    tells.tell(`${number}`);
    clock.pass(100);
  }
  assert.ok(said.length >= 11 && said.length <= 13, `${said.length}`);
});

test("what somebody waits for is said at once, and nothing older after it", () => {
  const { said, clock, quiet: tells } = quiet();
  tells.tell("10 of 300");
  tells.tell("20 of 300");
  tells.tell("The row is corrected.", true);
  clock.pass(20_000);
  assert.deepEqual(said, ["10 of 300", "The row is corrected."]);
});
