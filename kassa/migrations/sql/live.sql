-- The log of events behind the WebSocket, and the fan-out to every process that serves sockets: one NOTIFY channel.
-- A notification is one letter and what it is about; the reader is kassa/core/live/hub.py.
--   e<seq> <stream>\n<frame>              a stored event, as it goes to the sockets
--   g<seq> <stream>                       the same, too large for a notification: read it from the log
--   t<id> <part> <parts> <stream>\n<text> a part of a passing event, which is not stored
--   c<session>                            a session was closed: so are its sockets

-- Adds an event to a stream and tells every process, both when the caller's transaction commits. The stream's row is
-- locked until then, so numbers follow the order of commits and have no gaps: who rolls back gives its number back.
create function live_publish(p_organization uuid, p_stream text, p_kind text, p_payload jsonb)
returns bigint language plpgsql as $$
declare v_seq bigint; v_frame text;
begin
    insert into live_stream as s (stream, organization_id, seq) values (p_stream, p_organization, 1)
    on conflict (stream) do update set seq = s.seq + 1 returning s.seq into v_seq;
    insert into live_event (stream, seq, organization_id, kind, payload, created_at)
    values (p_stream, v_seq, p_organization, p_kind, p_payload, clock_timestamp());
    v_frame := live_frame(p_stream, v_seq, p_kind, p_payload);
    -- PostgreSQL takes notifications of less than 8,000 bytes.
    if octet_length(v_frame) + octet_length(p_stream) < 7900 then
        perform pg_notify('kassa_live', 'e' || v_seq || ' ' || p_stream || E'\n' || v_frame);
    else
        perform pg_notify('kassa_live', 'g' || v_seq || ' ' || p_stream);
    end if;
    return v_seq;
end $$;

-- An event as the sockets get it.
create function live_frame(p_stream text, p_seq bigint, p_kind text, p_payload jsonb)
returns text language sql immutable as $$
    select json_build_object('type', 'event', 'stream', p_stream, 'seq', p_seq, 'kind', p_kind, 'payload', p_payload)::text
$$;

-- The newest number of a stream, and its oldest events after a number; one row without an event when there is none.
create function live_read(p_stream text, p_after bigint, p_limit int)
returns table (head bigint, seq bigint, frame text) language sql stable as $$
    select coalesce(s.seq, 0), e.seq, e.frame from (select 1) as one
    left join live_stream s on s.stream = p_stream
    left join lateral (
        select e.seq, live_frame(e.stream, e.seq, e.kind, e.payload) as frame from live_event e
        where e.stream = p_stream and e.seq > p_after order by e.seq limit p_limit
    ) e on true order by e.seq
$$;

-- However a session is closed (signing out, a ban, reuse of a token, by hand), its sockets are closed with it.
create function live_session_closed() returns trigger language plpgsql as $$
begin
    perform pg_notify('kassa_live', 'c' || new.id);
    return null;
end $$;
