"""The importer's routes: `/api/import-drafts/` (api.md part 2)."""
