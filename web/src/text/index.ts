/** Every sentence of the page, in the language in use. A translation is one more object of this type. */

import { en } from "./en";

export type Texts = typeof en;

export const text: Texts = en;
