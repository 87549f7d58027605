/** Texts. */

export const preview = {};
