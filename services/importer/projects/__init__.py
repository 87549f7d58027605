"""Course projects as the importer knows them: a fold of the compacted projects topic."""
