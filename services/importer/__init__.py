"""The importer: takes a file as a draft, stages its rows, and publishes a submitted draft as requests on the log."""
