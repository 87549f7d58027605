/** Texts of the preview of a draft. */

import { count, counted } from "../../pure/numbers";

interface Suggested {
  readonly code: string;
  readonly message: string;
  readonly value: string;
}

const SHORT: Readonly<Record<string, string>> = {
  SPLIT: "Split",
  SWAP_COLUMNS: "Swap the cells",
  KEEP_AS_IS: "Keep as it is",
};
const suggestion = ({ code, message, value }: Suggested) => SHORT[code] ?? (value ? `→ ${value}` : message);
const people = (number: number) => counted(number, "person", "people");

export const preview = {
  title: (name: string, rows: number) => `${name}: ${counted(rows, "row")}`,
  spoken: (creates: number, invalid: number) =>
    `${counted(creates, "account")} will be created.${invalid ? ` ${counted(invalid, "row")} cannot be used as ${invalid === 1 ? "it is" : "they are"}.` : ""}`,
  line: (line: number) => `Line ${count(line)}`,
  lineTitle: "Line",
  gone: "This upload is no longer kept",
  expired: "This upload is over its time",
  expiredWhy: "An upload is kept for a week. Nothing was created of it: upload the file again.",
  unreadable: (name: string | null) => (name ? `${name} cannot be read` : "The list cannot be read"),
  nothingCreated: "Nothing was created.",
  anotherFile: "Use another file",
  readSoFar: (read: string, of: string, share: string, rows: string) =>
    `${read} of ${of} (${share}), ${rows} rows so far`,
  mayLeave: "You may leave this page: the address finds the preview again.",
  seenBefore: (when: string | null, by: string | null) =>
    `The same file was imported before${when ? `, on ${when}` : ""}${by ? ` by ${by}` : ""}. Importing it again creates nothing twice.`,
  seeThatImport: "See that import",
  verdicts: "What will happen",
  barLabel: (rows: string) => `What will happen with ${rows} rows`,
  blank: (number: number) => `${counted(number, "blank line")} left out.`,
  verdict: {
    new: "Will be created",
    existing_ok: "Already here",
    existing_pending: "Being created already",
    existing_erred: "Failed before",
    existing_closed: "Was closed",
    duplicate: "Repeated in the file",
    invalid: "Cannot be used",
  },
  causes: "What wants a look",
  rows: (number: number) => counted(number, "row"),
  untilThen: (number: number) =>
    number === 1 ? "Until then this row gets no account." : "Until then these rows get no account.",
  showRows: (number: number, line: number) =>
    number === 1 ? `Show the row (line ${count(line)})` : `Show the ${count(number)} rows`,
  hideRows: "Hide the rows",
  more: (number: string) => `Show ${number} more`,
  seeBelow: "The others are in the list of all rows below.",
  fixRows: (number: number) => (number === 1 ? "Fix 1 row" : `Fix ${count(number)} rows`),
  fixAll: (number: number) => `Fix all ${count(number)}`,
  moreOffers: (number: string) => `Show ${number} more suggestions`,
  emptyCell: "(empty)",
  becomes: "becomes",
  fixed: (changed: number, added: number) =>
    changed === 0
      ? "Nothing was left to fix."
      : `${counted(changed, "row")} fixed${added ? `, ${counted(added, "row")} added` : ""}.`,
  suggestion,
  suggestionName: (one: Suggested, line: number) => `${suggestion(one)} (line ${count(line)}: ${one.message})`,
  edit: "Edit",
  editLine: (line: number) => `Edit line ${count(line)}`,
  editTitle: (line: number) => `Line ${count(line)}`,
  rowIsRight: (line: number) => `Line ${count(line)} is right now.`,
  repeats: (row: number) => `The same address as in row ${count(row)}, which counts.`,
  existing: "Already here",
  existingWhy: "These people are known in this course. Nobody gets a second account.",
  existingSaid: {
    existing_ok: (number: number) =>
      `${people(number)} ${number === 1 ? "has" : "have"} an account, and ${number === 1 ? "keeps" : "keep"} it.`,
    existing_pending: (number: number) =>
      `The ${number === 1 ? "account" : "accounts"} of ${people(number)} ${number === 1 ? "is" : "are"} being created already.`,
    existing_erred: (number: number) =>
      `The ${number === 1 ? "account" : "accounts"} of ${people(number)} could not be created before.`,
    existing_closed: (number: number) => `${people(number)} had an account that was closed.`,
  },
  retryErred: (number: number) => (number === 1 ? "Try it again" : `Try all ${count(number)} again`),
  reopenClosed: (number: number) => (number === 1 ? "Open it again" : `Open all ${count(number)} again`),
  show: "Show",
  showThese: (verdict: string) => `Show the rows: ${verdict}`,
  allRows: (number: number) => `All rows (${count(number)})`,
  verdictTitle: "What will happen",
  everyVerdict: (number: string) => `Everything (${number})`,
  search: "Find an address or description",
  whyTitle: "Remark",
  rowsCaption: "Rows of the file",
  noRows: "No row is like that.",
  problemsLegend: (number: number) =>
    number === 1 ? "1 row cannot be used as it is" : `${count(number)} rows cannot be used as they are`,
  skip: (number: number) => `Leave ${number === 1 ? "it" : "them"} out and create the others`,
  stop: "Create nothing until every row is right",
  waits: (number: number) => `${counted(number, "row")} must be put right first.`,
  leftOut: (number: number) => (number === 1 ? "1 row is left out." : `${count(number)} rows are left out.`),
  nothingToCreate: "There is nothing to create: everybody is here already, or no row can be used.",
  steps: "What to do with this preview",
  create: (number: number) => `Create ${counted(number, "account")}`,
  createNone: "Keep this as an import",
  changed: "The preview has changed since you saw it",
  changedWhy: "Somebody corrected rows, or read the file in another way. Look at the numbers once more, then create.",
  notSubmitted: "Nothing was created",
  whoTells: "The account service tells the participants how to sign in. This page sends no mails.",
};
