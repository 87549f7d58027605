"""The command `course-accounts`: drives an installation through its public HTTP API, and starts one locally."""
