/** A small picture of how the import went: rows done over time. The numbers stand elsewhere, so it is decoration. */

import { clock, count, duration } from "../pure/numbers";
import { type Sample, band } from "../pure/progress";
import { text } from "../text";

interface ChartProps {
  readonly course: readonly Sample[];
  readonly rows: number;
  readonly running: boolean;
}

const WIDTH = 480;
const HEIGHT = 120;

export function Chart({ course, rows, running }: ChartProps) {
  const [first] = course;
  const last = course.at(-1);
  const empty = first === undefined || last === undefined || course.length < 2;
  return (
    <section class="card" aria-labelledby="chart-title">
      <h2 id="chart-title">{text.imports.chart.title}</h2>
      {empty ? (
        <p class="soft">{text.imports.chart.waiting}</p>
      ) : (
        <Drawn course={course} rows={rows} first={first} last={last} running={running} />
      )}
    </section>
  );
}

function Drawn({ course, rows, first, last, running }: ChartProps & { readonly first: Sample; readonly last: Sample }) {
  const box = { width: WIDTH, height: HEIGHT, from: first.at, until: last.at };
  const time = duration((last.at - first.at) / 1000);
  const over = (sample: Sample) => sample.created + sample.others;
  return (
    <figure class="chart" id="chart">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={text.imports.chart.label(count(last.created), count(last.failed), time)}
      >
        <line class="chart-goal" x1="0" x2={WIDTH} y1="0.5" y2="0.5" />
        <polygon
          class="chart-others"
          points={band(
            course,
            rows,
            box,
            () => 0,
            (sample) => sample.others,
          )}
        />
        <polygon class="chart-created" points={band(course, rows, box, (sample) => sample.others, over)} />
        <polygon
          class="chart-failed"
          points={band(course, rows, box, over, (sample) => over(sample) + sample.failed)}
        />
      </svg>
      <figcaption class="chart-feet small soft">
        <span>{clock(first.at)}</span>
        <span>{time}</span>
        <span>{running ? "…" : clock(last.at)}</span>
      </figcaption>
    </figure>
  );
}
