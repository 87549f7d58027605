/** Texts of the list of courses. */

import { counted } from "../../pure/numbers";

export const courses = {
  title: "Courses",
  none: "There is no course that you may manage. Whoever owns a course can make you a manager of it.",
  noneFound: "No course has such a name.",
  search: "Find a course",
  more: (number: number) => `Show ${counted(number, "more course")}`,
  byName: (number: number) => `${counted(number, "course")}, by name. There are more: find one, or leaf through them.`,
  pages: "Pages of courses",
  fromTo: (start: string, end: string) => `${start} to ${end}`,
  until: (end: string) => `Until ${end}`,
  from: (start: string) => `From ${start}, without an end`,
  noDates: "Without dates",
  over: "Over",
  endless: "No end date",
  noAccounts: "No accounts yet.",
  states: { OK: "Created", Pending: "Pending", Erred: "Failed", Closed: "Closed" },
  bar: (course: string, number: string) => `Accounts of ${course} by state, ${number} in all`,
  attention: "Wants attention",
  add: "Add accounts",
  toCourse: (course: string) => ` to ${course}`,
  ofCourse: (course: string) => ` ${course}`,
  open: "Open",
  failed: (number: number) => `${counted(number, "account")} failed`,
  waiting: (number: number, since: string | null) =>
    `${counted(number, "account")} ${number === 1 ? "waits" : "wait"}${since ? ` since ${since}` : ""}`,
  running: (share: string, rows: number) => `An import of ${counted(rows, "row")} is running (${share})`,
  soon: (days: number) =>
    days <= 0 ? "Ends today: accounts are then closed" : `Ends in ${counted(days, "day")}: accounts are then closed`,
  draft: (since: string) => `An unfinished upload of ${since}`,
  forget: "Forget it",
  forgetDraft: (since: string) => `Forget it: the unfinished upload of ${since}`,
};
