"""What the raw parts do with the same bytes: no rules, no validation, nothing recorded, nothing recovered."""
