-- Tokens get a public id, a narrower right than their holder's where wanted, and the time they were last used.
ALTER TABLE access.tokens
    ADD COLUMN token_id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    ADD COLUMN may_write boolean NOT NULL DEFAULT true,
    ADD COLUMN projects uuid[],
    ADD COLUMN created_by text,
    ADD COLUMN last_used_at timestamptz;

CREATE INDEX tokens_by_user ON access.tokens (user_id, created_at);

-- Who has which role in which project. The importer keeps it beside the projects it folds.
CREATE TABLE access.project_roles (
    project_id uuid NOT NULL,
    user_id text NOT NULL,
    role text NOT NULL CHECK (role IN ('manager', 'owner')),
    PRIMARY KEY (project_id, user_id)
);

CREATE INDEX project_roles_by_user ON access.project_roles (user_id, project_id, role);

-- Somebody signed in with a cookie. A session that was traded for a token ends with that token.
CREATE TABLE access.sessions (
    session_hash bytea PRIMARY KEY CHECK (length(session_hash) = 32),
    session_id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    user_id text NOT NULL CHECK (user_id <> ''),
    staff boolean NOT NULL,
    may_write boolean NOT NULL,
    projects uuid[],
    token_id uuid REFERENCES access.tokens (token_id),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE INDEX sessions_by_end ON access.sessions (expires_at);

-- Addresses that sign somebody in, once.
CREATE TABLE access.sign_ins (
    sign_in_hash bytea PRIMARY KEY CHECK (length(sign_in_hash) = 32),
    user_id text NOT NULL CHECK (user_id <> ''),
    staff boolean NOT NULL,
    created_by text,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

-- What a request with an Idempotency-Key was, and what it was answered. `finished_at` is null while it runs: until
-- `lease_until` it is left alone, then it may be run again. A body is compared as far as the first request was read.
CREATE TABLE access.idempotency (
    user_id text NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    attempt uuid NOT NULL,
    line_hash bytea NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    lease_until timestamptz NOT NULL,
    finished_at timestamptz,
    body_hash bytea,
    body_bytes bigint,
    body_whole boolean,
    status smallint,
    headers jsonb,
    answer bytea,
    PRIMARY KEY (user_id, key)
);

CREATE INDEX idempotency_by_age ON access.idempotency (started_at);

-- Who did what. Ids and fixed words only: no body, no address, no secret. Nobody of ours may change or delete it.
CREATE TABLE access.audit (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    user_id text NOT NULL,
    staff boolean NOT NULL,
    credential text NOT NULL,
    service text NOT NULL,
    action text NOT NULL,
    objects text[] NOT NULL,
    project_id uuid,
    status smallint NOT NULL,
    request_id text NOT NULL
);

CREATE INDEX audit_by_user ON access.audit (user_id, audit_id);
CREATE INDEX audit_by_action ON access.audit (action, audit_id);
CREATE INDEX audit_by_object ON access.audit USING gin (objects);
