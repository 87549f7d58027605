/** Small drawings. They repeat what stands beside them in words, so screen readers pass them over. */

const DRAWN = {
  check: "M3 8.500l3.200 3.200L13 4.800",
  cross: "M4 4l8 8M12 4l-8 8",
  clock: "M8 4.200V8l2.600 1.800M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800z",
  dots: "M3.500 8h.01M8 8h.01M12.500 8h.01",
  stop: "M4 4h8v8H4z",
  barred: "M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800zM3.700 3.700l8.600 8.600",
  here: "M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800zM5.200 8.200l2 2 3.600-4",
  twice: "M2.500 5.500h7v8h-7zM5.500 5.500v-3h8v8h-4",
  mark: "M8 2v7M8 12.500v.5",
  info: "M8 7v6M8 3v.5",
  arrow: "M3 8h10M9 4l4 4-4 4",
  back: "M13 8H3M7 4L3 8l4 4",
  down: "M8 2.500v8M4.500 7L8 10.500 11.500 7M3 13.500h10",
  up: "M8 11V3M4.500 6.500L8 3l3.500 3.500M3 13.500h10",
  retry: "M13 8a5 5 0 1 1-1.500-3.600M13 2v3h-3",
  edit: "M3 13l.7-3L10.500 3.200l2.300 2.300L6 12.300z",
  plus: "M8 3v10M3 8h10",
  search: "M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM10.500 10.500L14 14",
  closed: "M4 7.500h8v6H4zM5.500 7.500V5a2.500 2.500 0 0 1 5 0v2.500",
} as const;

export type IconName = keyof typeof DRAWN;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={DRAWN[name]} />
    </svg>
  );
}
