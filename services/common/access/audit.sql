-- name: record
-- Write down what somebody did.
INSERT INTO access.audit (
    user_id, staff, credential, service, action, objects, project_id, status, request_id
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);
