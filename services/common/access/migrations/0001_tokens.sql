-- API tokens. Only the SHA-256 of a token is kept: it is 256 random bits, so a slow hash would add nothing.
CREATE TABLE access.tokens (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id text NOT NULL CHECK (user_id <> ''),
    staff boolean NOT NULL DEFAULT false,
    note text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);
