"""Drafts: uploads being read and previewed, their staged rows, and how long they are kept."""
