/** One import: how far it is, and what to do about it. */

export function Import({ uuid }: { readonly uuid: string }) {
  return <p>{uuid}</p>;
}
