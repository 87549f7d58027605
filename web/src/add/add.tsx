/** Add accounts to a course. */

interface AddProps {
  readonly course: string;
  readonly tab: "single" | "batch";
  readonly draft: string | null;
}

export function Add({ course, tab, draft }: AddProps) {
  return <p>{course} {tab} {draft}</p>;
}
