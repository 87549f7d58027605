/** The texts for operators, in the language in use; apart from the rest, so that they come with their view. */

import { operators } from "./en/operators";

export const said: typeof operators = operators;
