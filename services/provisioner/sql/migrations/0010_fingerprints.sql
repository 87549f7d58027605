-- Of the record before each position: a topic made anew shows another one there (services/common/fingerprints.py).
ALTER TABLE positions ADD COLUMN fingerprint bytea;
