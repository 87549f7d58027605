/** Texts. */

export const add = {};
