/** People who have, or had, an account in this course: what that means, and what is to become of them. */

import type { Draft, Verdict } from "../api/drafts";
import type { Wish } from "../pure/preview";
import { text } from "../text";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Check } from "../ui/field";

interface ExistingProps {
  readonly verdicts: Draft["verdicts"];
  readonly wish: Wish;
  readonly onWish: (wish: Wish) => void;
  readonly onShow: (verdict: Verdict) => void;
}

export function Existing({ verdicts, wish, onWish, onShow }: ExistingProps) {
  const shown = (["existing_erred", "existing_closed", "existing_ok", "existing_pending"] as const).filter(
    (one) => verdicts[one] > 0,
  );
  if (shown.length === 0) return null;
  return (
    <section class="card" aria-labelledby="existing-title">
      <h3 id="existing-title">{text.preview.existing}</h3>
      <p class="soft">{text.preview.existingWhy}</p>
      <ul class="existing">
        {shown.map((one) => (
          <li key={one} data-verdict={one}>
            <Badge state={one}>{text.preview.verdict[one]}</Badge> {text.preview.existingSaid[one](verdicts[one])}{" "}
            <Button kind="quiet" label={text.preview.showThese(text.preview.verdict[one])} onClick={() => onShow(one)}>
              {text.preview.show}
            </Button>
            {one === "existing_erred" && (
              <Check
                label={text.preview.retryErred(verdicts[one])}
                checked={wish.if_erred === "retry"}
                onChange={(yes) => onWish({ ...wish, if_erred: yes ? "retry" : "leave" })}
              />
            )}
            {one === "existing_closed" && (
              <Check
                label={text.preview.reopenClosed(verdicts[one])}
                checked={wish.if_closed === "reopen"}
                onChange={(yes) => onWish({ ...wish, if_closed: yes ? "reopen" : "leave" })}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
