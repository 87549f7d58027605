"""The provisioner's tables: rows in, values out. Every statement has a name in a `.sql` file here."""
