-- The intake and the order of a chat. A job is a permission to handle the oldest stored update of its chat:
-- who holds the chat's lane works until nothing is left and gives the lane up in the statement that saw it empty,
-- so nobody has to poll. Lanes are leased by the database's clock.

-- Stores an update once and enqueues its handling. False for a repeat.
create function channel_accept(
    p_bot uuid, p_update bigint, p_chat bigint, p_payload jsonb, p_lane uuid, p_headers jsonb
) returns boolean language plpgsql as $$
begin
    insert into channel_update (bot_id, update_id, chat_id, payload, state, attempts, received_at)
    values (p_bot, p_update, p_chat, p_payload, 'new', 0, now())
    on conflict (bot_id, update_id) do nothing;
    if not found then return false; end if;
    perform jobs_enqueue('channels.handle_updates',
        convert_to(json_build_object('bot_id', p_bot, 'chat_id', p_chat, 'lane', p_lane)::text, 'UTF8'),
        interval '0', null, p_headers);
    return true;
end $$;

-- Takes or keeps the chat's lane and returns its oldest update that is not handled; no row when the lane is busy
-- or when nothing is left (then the lane is free again).
create function channel_claim(p_bot uuid, p_chat bigint, p_lane uuid, p_lease interval)
returns table (update_id bigint, payload jsonb, attempts int, chat_status text, chat_context jsonb)
language plpgsql as $$
declare v_chat channel_chat;
begin
    insert into channel_chat as c (bot_id, chat_id, status, context, lane, lane_until, created_at)
    values (p_bot, p_chat, 'active', '{}', p_lane, now() + p_lease, now())
    on conflict (bot_id, chat_id) do update set lane = p_lane, lane_until = now() + p_lease
    where c.lane is null or c.lane = p_lane or c.lane_until < now()
    returning c.* into v_chat;
    if v_chat.bot_id is null then return; end if;
    return query
        select u.update_id, u.payload, u.attempts, v_chat.status, v_chat.context from channel_update u
        where u.bot_id = p_bot and u.chat_id = p_chat and u.state = 'new' order by u.update_id limit 1;
    if not found then
        update channel_chat c set lane = null where c.bot_id = p_bot and c.chat_id = p_chat;
    end if;
end $$;

-- Ends an update in the transaction of what it caused: marks it handled, remembers the dialogue, stores the replies,
-- and takes the chat's sending lane when it is free. Returns the messages to send now, oldest first.
-- Raises KC001 when somebody else has handled the update, so that its effects roll back.
create function channel_finish(
    p_bot uuid, p_update bigint, p_chat bigint, p_lane uuid, p_lease interval, p_context jsonb, p_replies jsonb
) returns table (id bigint, payload jsonb) language plpgsql as $$
begin
    update channel_update u set state = 'done', handled_at = now()
    where u.bot_id = p_bot and u.update_id = p_update and u.state = 'new';
    if not found then
        raise exception 'update % is handled already', p_update using errcode = 'KC001';
    end if;
    if p_context is not null then
        update channel_chat c set context = p_context where c.bot_id = p_bot and c.chat_id = p_chat;
    end if;
    if jsonb_array_length(p_replies) = 0 then return; end if;
    insert into channel_message (bot_id, chat_id, state, payload, attempts, created_at)
    select p_bot, p_chat, 'pending', reply.value, 0, now() from jsonb_array_elements(p_replies) with ordinality as reply
    order by reply.ordinality;
    return query select * from channel_outgoing(p_bot, p_chat, p_lane, p_lease);
end $$;

-- Takes or keeps the chat's sending lane and returns what waits to be sent; no row when the lane is busy or
-- nothing waits (then the lane is free again).
create function channel_outgoing(p_bot uuid, p_chat bigint, p_lane uuid, p_lease interval)
returns table (id bigint, payload jsonb) language plpgsql as $$
begin
    insert into channel_chat as c (bot_id, chat_id, status, context, sending, sending_until, created_at)
    values (p_bot, p_chat, 'active', '{}', p_lane, now() + p_lease, now())
    on conflict (bot_id, chat_id) do update set sending = p_lane, sending_until = now() + p_lease
    where (c.sending is null or c.sending = p_lane or c.sending_until < now())
      and (c.send_after is null or c.send_after <= now());
    if not found then return; end if;
    return query select m.id, m.payload from channel_message m
        where m.bot_id = p_bot and m.chat_id = p_chat and m.state = 'pending' order by m.id limit 20;
    if not found then
        update channel_chat c set sending = null where c.bot_id = p_bot and c.chat_id = p_chat;
    end if;
end $$;

-- Records what became of sent messages and returns the next ones, as channel_outgoing does.
create function channel_sent(
    p_bot uuid, p_chat bigint, p_lane uuid, p_lease interval,
    p_ids bigint[], p_states text[], p_message_ids bigint[], p_errors text[]
) returns table (id bigint, payload jsonb) language plpgsql as $$
begin
    update channel_message m set state = s.state, message_id = s.message_id, error = s.error, attempts = m.attempts + 1,
        sent_at = now()
    from unnest(p_ids, p_states, p_message_ids, p_errors) as s(id, state, message_id, error) where m.id = s.id;
    return query select * from channel_outgoing(p_bot, p_chat, p_lane, p_lease);
end $$;
