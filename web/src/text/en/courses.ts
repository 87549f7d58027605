/** Texts. */

export const courses = {};
