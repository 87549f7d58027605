/** The English texts, by part of the page. What holds numbers is a function, so that plurals are its own business. */

import { add, reading } from "./en/add";
import { common } from "./en/common";
import { courses } from "./en/courses";
import { imports } from "./en/imports";
import { preview } from "./en/preview";

export const en = { ...common, courses, add, reading, preview, imports };
