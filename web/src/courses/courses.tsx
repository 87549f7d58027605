/** The courses somebody may manage. */

export function Courses() {
  return null;
}
