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

-- Whether a lane may send in a chat: nobody else does, and the channel has not asked to wait.
create function channel_may_send(p_chat channel_chat, p_lane uuid) returns boolean language sql stable as $$
    select (p_chat.sending is null or p_chat.sending = p_lane or p_chat.sending_until < now())
       and (p_chat.send_after is null or p_chat.send_after <= now())
$$;

-- Ends an update in the transaction of what it caused: marks it handled, remembers the dialogue, stores the replies,
-- and takes the chat's sending lane when it is free. Returns the messages to send now, oldest first.
-- Raises KC001 when somebody else has handled the update, so that its effects roll back.
create function channel_finish(
    p_bot uuid, p_update bigint, p_chat bigint, p_lane uuid, p_lease interval, p_context jsonb, p_replies jsonb
) returns table (id bigint, payload jsonb) language plpgsql as $$
declare v_is_mine boolean;
begin
    update channel_update u set state = 'done', handled_at = now()
    where u.bot_id = p_bot and u.update_id = p_update and u.state = 'new';
    if not found then
        raise exception 'update % is handled already', p_update using errcode = 'KC001';
    end if;
    if jsonb_array_length(p_replies) = 0 then
        if p_context is not null then
            update channel_chat c set context = p_context where c.bot_id = p_bot and c.chat_id = p_chat;
        end if;
        return;
    end if;
    insert into channel_message (bot_id, chat_id, state, payload, attempts, created_at)
    select p_bot, p_chat, 'pending', reply.value, 0, now() from jsonb_array_elements(p_replies) with ordinality as reply
    order by reply.ordinality;
    -- One write of the chat's row for both, because every version of a row is paid for.
    update channel_chat c set context = coalesce(p_context, c.context),
        sending = case when channel_may_send(c, p_lane) then p_lane else c.sending end,
        sending_until = case when channel_may_send(c, p_lane) then now() + p_lease else c.sending_until end
    where c.bot_id = p_bot and c.chat_id = p_chat
    returning c.sending = p_lane and c.sending_until = now() + p_lease into v_is_mine;
    if v_is_mine then
        return query select m.id, m.payload from channel_message m
            where m.bot_id = p_bot and m.chat_id = p_chat and m.state = 'pending' order by m.id limit 20;
    end if;
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

-- Records what became of a sent message and returns the next ones, as channel_outgoing does. When none wait and
-- p_claim is set, goes on as channel_claim does, in the same write of the chat's row: that row then has update_id.
create function channel_sent(
    p_bot uuid, p_chat bigint, p_lane uuid, p_lease interval,
    p_id bigint, p_state text, p_message_id bigint, p_error text, p_claim boolean
) returns table (id bigint, payload jsonb, update_id bigint, attempts int, chat_status text, chat_context jsonb)
language plpgsql as $$
declare v_chat channel_chat; v_sends boolean; v_handles boolean; v_is_next boolean := false;
begin
    update channel_message m set state = p_state, message_id = p_message_id, error = p_error, attempts = m.attempts + 1,
        sent_at = now()
    where m.id = p_id;
    select * into v_chat from channel_chat c where c.bot_id = p_bot and c.chat_id = p_chat for update;
    v_sends := channel_may_send(v_chat, p_lane);
    if v_sends then
        return query select m.id, m.payload, null::bigint, null::int, null::text, null::jsonb from channel_message m
            where m.bot_id = p_bot and m.chat_id = p_chat and m.state = 'pending' order by m.id limit 20;
        if found then
            update channel_chat c set sending = p_lane, sending_until = now() + p_lease
            where c.bot_id = p_bot and c.chat_id = p_chat;
            return;
        end if;
    end if;
    v_handles := p_claim and (v_chat.lane is null or v_chat.lane = p_lane or v_chat.lane_until < now());
    if v_handles then
        return query select null::bigint, u.payload, u.update_id, u.attempts, v_chat.status, v_chat.context
            from channel_update u where u.bot_id = p_bot and u.chat_id = p_chat and u.state = 'new'
            order by u.update_id limit 1;
        v_is_next := found;
    end if;
    update channel_chat c set
        sending = case when v_sends then null else c.sending end,
        lane = case when not v_handles then c.lane when v_is_next then p_lane end,
        lane_until = case when v_is_next then now() + p_lease else c.lane_until end
    where c.bot_id = p_bot and c.chat_id = p_chat;
end $$;
