/** Pages of a list by number. */

import { count } from "../pure/numbers";
import { text } from "../text";
import { Button } from "./button";

interface PagerProps {
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
  readonly label: string;
}

export function Pager({ page, pages, onPage, label }: PagerProps) {
  if (pages <= 1) return null;
  return (
    <nav class="pager" aria-label={label}>
      <Button kind="quiet" disabled={page <= 1} onClick={() => onPage(1)}>
        {text.pager.first}
      </Button>
      <Button kind="quiet" icon="back" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        {text.pager.previous}
      </Button>
      <span aria-current="page">{text.pager.page(count(page), count(pages))}</span>
      <Button kind="quiet" icon="arrow" disabled={page >= pages} onClick={() => onPage(page + 1)}>
        {text.pager.next}
      </Button>
      <Button kind="quiet" disabled={page >= pages} onClick={() => onPage(pages)}>
        {text.pager.last}
      </Button>
    </nav>
  );
}
