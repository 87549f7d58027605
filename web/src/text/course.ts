/** The texts of a course and of one account, in the language in use; apart from the rest, so that they come with their view. */

import { course } from "./en/course";

export const said: typeof course = course;
