"""What the system can do, as a share of what its raw parts can do with the same bytes in the same run."""
