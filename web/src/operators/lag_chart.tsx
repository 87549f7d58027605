/** The lag over the last minutes as a line. The same is said in words beside it. */

import { useEffect, useState } from "preact/hooks";
import { said } from "../text/operators";
import { type Sample, areaOf, ceilingOf, pathOf, withSample, worstOf } from "./lag";
import type { ReadModel } from "./model";

const WIDTH = 600;
const HEIGHT = 120;
/** So that a line at the very bottom or top is wholly seen. */
const MARGIN = 3;

interface LagProps {
  readonly models: readonly ReadModel[];
  /** Another one for each look. */
  readonly edition: unknown;
}

export function LagChart({ models, edition }: LagProps) {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const seconds = worstOf(models);
  const known = models.every((model) => model.records_ahead !== null);
  useEffect(() => {
    setSamples((old) => withSample(old, { at: Date.now(), seconds }));
  }, [edition]);
  const now = samples.at(-1)?.at ?? 0;
  const most = Math.max(0, ...samples.map((one) => one.seconds));
  return (
    <section class="card" aria-labelledby="lag-title">
      <h2 id="lag-title">{said.health.lag}</h2>
      <p id="lag-now">
        {seconds === 0 ? said.health.lagNone : said.health.lagNow(seconds)} {known ? "" : said.health.lagUnknown}
      </p>
      <figure class="lag-chart">
        <div class="lag-box">
          <span class="lag-top hint" aria-hidden="true">
            {said.health.chartTop(ceilingOf(samples))}
          </span>
          <svg
            viewBox={`0 ${-MARGIN} ${WIDTH} ${HEIGHT + 2 * MARGIN}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={said.health.chart(seconds, most)}
          >
            <path class="lag-area" d={areaOf(samples, now, WIDTH, HEIGHT)} />
            <path class="lag-line" d={pathOf(samples, now, WIDTH, HEIGHT)} />
          </svg>
        </div>
        <figcaption class="hint">
          <span>{said.health.chartFrom}</span> <span>{said.health.collecting}</span> <span>{said.health.chartTo}</span>
        </figcaption>
      </figure>
    </section>
  );
}
