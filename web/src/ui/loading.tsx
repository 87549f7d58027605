/** Something is on its way. Shown only after a moment, so that what is quick does not flicker. */

import { text } from "../text";

export function Loading({ what = text.loading }: { readonly what?: string }) {
  return (
    <p class="loading" role="status">
      <span class="spinner" aria-hidden="true" />
      {what}
    </p>
  );
}
