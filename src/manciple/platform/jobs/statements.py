"""What the queue says to SQLite for every job: one statement for many jobs, rows as one JSON text.

Each step of a statement hands the interpreter's lock to and fro. A statement a job therefore
costs several times what the database does in it, and one for all of them almost nothing more.
The partial indexes of `table.py` apply only where a state stands in the statement itself.
"""

INSERT = """
INSERT INTO jobs (queue, kind, payload, tenant, unique_key, priority, state, run_at,
                  max_attempts, created_at)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
       json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),
       'waiting', json_extract(value, '$[6]'), json_extract(value, '$[7]'), :now
FROM json_each(:rows) ORDER BY key
"""
LIVE = """
SELECT id, payload FROM jobs
WHERE queue = :queue AND unique_key = :unique_key AND state IN ('waiting', 'running')
"""
HAS_READY = """
SELECT EXISTS (SELECT 1 FROM jobs WHERE queue = :queue AND state = 'waiting' AND run_at <= :now)
"""
# Jumps from tenant to tenant through the index instead of reading every waiting job.
TENANTS = """
WITH RECURSIVE seen(tenant) AS (
  SELECT min(tenant) FROM jobs WHERE queue = :queue AND state = 'waiting'
  UNION ALL
  SELECT (SELECT min(tenant) FROM jobs
          WHERE queue = :queue AND state = 'waiting' AND tenant > seen.tenant)
  FROM seen WHERE seen.tenant IS NOT NULL
)
SELECT tenant FROM seen WHERE tenant IS NOT NULL LIMIT :most
"""
NEXT = """
SELECT id, tenant, priority, run_at FROM jobs
WHERE queue = :queue AND tenant = :tenant AND state = 'waiting' AND run_at <= :now
ORDER BY priority DESC, run_at, id LIMIT :most
"""
RUNNING = """
SELECT tenant, count(*) AS running FROM jobs
WHERE queue = :queue AND state = 'running' GROUP BY tenant
"""
_ROW = """json_array(
  id, queue, kind, payload, tenant, priority, attempt + 1, max_attempts, created_at)"""
READ = f"""
SELECT json_group_array({_ROW}) FROM jobs WHERE id IN (SELECT value FROM json_each(:ids))
"""  # noqa: S608 - no value of anybody's
# Of one tenant the jobs stand in the index as they are to start: no turns have to be taken.
READ_NEXT_OF_ONE = f"""
SELECT json_group_array({_ROW}) FROM (
  SELECT * FROM jobs
  WHERE queue = :queue AND tenant = :tenant AND state = 'waiting' AND run_at <= :now
  ORDER BY priority DESC, run_at, id LIMIT :most)
"""  # noqa: S608 - no value of anybody's
LEASE = """
UPDATE jobs SET state = 'running', worker = :worker, leased_until = :until,
                attempt = attempt + 1, started_at = coalesce(started_at, :now)
WHERE id IN (SELECT value FROM json_each(:ids))
"""
# The plus keeps the planner from walking the index of running jobs instead of going by id.
FINISH = """
UPDATE jobs SET state = 'done', worker = NULL, leased_until = NULL, ended_at = :now,
                result = ended.said, progress_thousandths = 1000, error = NULL
FROM (SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS holder,
             json_extract(value, '$[2]') AS said FROM json_each(:rows)) AS ended
WHERE jobs.id = ended.id AND jobs.worker = ended.holder AND +jobs.state = 'running'
"""
EXPIRE = """
UPDATE jobs
SET state = CASE WHEN is_cancel_wanted = 1 THEN 'canceled'
                 WHEN attempt >= max_attempts THEN 'dead' ELSE 'waiting' END,
    ended_at = CASE WHEN is_cancel_wanted = 1 OR attempt >= max_attempts THEN :now END,
    error = 'the worker went away', worker = NULL, leased_until = NULL
WHERE state = 'running' AND leased_until < :now
"""
