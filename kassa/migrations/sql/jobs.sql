-- Enqueue one PgQueuer job in the caller's transaction: the library's own insert, without its per-call planning,
-- so that other SQL functions can enqueue too. Returns false when a job with the same key is waiting or running.
create function jobs_enqueue(p_name text, p_payload bytea, p_delay interval, p_key text, p_headers jsonb)
returns boolean language plpgsql as $$
begin
    insert into pgqueuer (priority, entrypoint, payload, execute_after, dedupe_key, headers, status)
    values (0, p_name, p_payload, now() + p_delay, p_key, p_headers, 'queued')
    on conflict (dedupe_key) where status in ('queued', 'picked') and dedupe_key is not null do nothing;
    return found;
end $$;
