/** The first cells of the file as they were read: whether the letters are right is seen at a glance. */

import type { DraftFile } from "../api/drafts";
import { columnsOf } from "../pure/preview";
import { text } from "../text";

const MOST_ROWS = 5;

export function Sample({ file }: { readonly file: DraftFile }) {
  const columns = columnsOf(file);
  if (columns.length === 0) return null;
  const use = (place: number) => Object.entries(file.places).find(([, at]) => at === place)?.[0];
  return (
    <div class="table-frame" role="region" aria-label={text.reading.sample} tabIndex={0}>
      <table class="sample">
        <caption>{text.reading.sample}</caption>
        <thead>
          <tr>
            {columns.map(({ place, heading }) => (
              <th key={place} scope="col">
                {file.header_line === 0
                  ? text.reading.column(place + 1, "")
                  : heading || text.reading.column(place + 1, "")}
                {use(place) && (
                  <span class="use">{use(place) === "email" ? text.reading.isEmail : text.reading.isDescription}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {file.sample.slice(0, MOST_ROWS).map((cells, row) => (
            <tr key={row}>
              {columns.map(({ place }) => (
                <td key={place}>{cells[place] ?? ""}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
