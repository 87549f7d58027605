/** Texts. */

export const imports = {};
