"""What people ask of a submitted import: cancel, undo, correct a row. Recorded first, carried out until confirmed."""
