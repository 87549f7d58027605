"""One module per command: options and help of each. Loaded only when that command is called."""
