"""Making a previewed draft an import: one transaction, once, and an answer that has seen its own write."""
