"""The end of a course: when it is, what follows from it, and what should be closed but is not."""
