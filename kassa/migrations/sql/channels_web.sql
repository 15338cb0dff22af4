-- The web as a channel: what a visitor writes is stored once and handled in its turn, as an update of Telegram is; what
-- the bot writes is a row that the visitor's page reads, and an event that tells it to.

-- A message as pages get it.
create function channel_web_json(p_message channel_web_message) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'id', p_message.id, 'author', p_message.author, 'text', p_message.text, 'format', p_message.format,
        'buttons', p_message.buttons, 'reply_to', p_message.reply_to, 'attachments', p_message.attachments,
        'client_id', p_message.client_id, 'created_at', p_message.created_at, 'edited_at', p_message.edited_at)
$$;

-- Takes what a visitor did, once for each id that the page gave it. p_text is set when it is a message, which is kept for
-- reading; a pressed button or a stop is only handled. The chat's lock makes messages, updates and events of one order.
create function channel_web_accept(
    p_organization uuid, p_bot uuid, p_chat bigint, p_stream text, p_client text, p_payload jsonb, p_text text,
    p_reply_to bigint, p_lane uuid, p_headers jsonb
) returns table (is_new boolean, update_id bigint, message jsonb) language plpgsql as $$
declare v_message channel_web_message; v_payload jsonb := p_payload;
begin
    perform pg_advisory_xact_lock(hashtextextended(p_stream, 0));
    select u.update_id into update_id from channel_update u
    where u.bot_id = p_bot and u.chat_id = p_chat and u.client_id = p_client;
    if found then
        is_new := false;
        select channel_web_json(m) into message from channel_web_message m
        where m.bot_id = p_bot and m.chat_id = p_chat and m.client_id = p_client;
        return next;
        return;
    end if;
    is_new := true;
    update_id := nextval('channel_web_update');
    if p_text is not null then
        insert into channel_web_message
            (organization_id, bot_id, chat_id, author, text, format, buttons, reply_to, attachments, client_id, created_at)
        values (p_organization, p_bot, p_chat, 'customer', p_text, 'plain', '[]', p_reply_to, '[]', p_client,
            clock_timestamp())
        returning * into v_message;
        v_payload := v_payload || jsonb_build_object('message_id', v_message.id);
        message := channel_web_json(v_message);
        perform live_publish(p_organization, p_stream, 'message', message);
    end if;
    insert into channel_update (bot_id, update_id, chat_id, payload, state, attempts, client_id, received_at)
    values (p_bot, channel_web_accept.update_id, p_chat, v_payload || jsonb_build_object('update_id', update_id), 'new', 0,
        p_client, now());
    perform jobs_enqueue('channels.handle_updates',
        convert_to(json_build_object('bot_id', p_bot, 'chat_id', p_chat, 'lane', p_lane)::text, 'UTF8'),
        interval '0', null, p_headers);
    return next;
end $$;

-- Writes a message of the bot, or changes an earlier one, and tells the page. p_delivery is the message's number among
-- those to be delivered: who delivers it a second time, after a crash, changes nothing.
create function channel_web_send(
    p_organization uuid, p_bot uuid, p_chat bigint, p_stream text, p_delivery bigint, p_edit bigint, p_message jsonb
) returns bigint language plpgsql as $$
declare v_message channel_web_message; v_kind text := 'message';
begin
    select m.id into v_message.id from channel_web_message m where m.delivery = p_delivery;
    if found then return v_message.id; end if;
    update channel_web_message m set text = p_message ->> 'text', format = p_message ->> 'format',
        buttons = p_message -> 'buttons', edited_at = clock_timestamp(), delivery = coalesce(p_delivery, m.delivery)
    where m.id = p_edit and m.bot_id = p_bot and m.chat_id = p_chat and m.author = 'bot' returning m.* into v_message;
    if found then
        v_kind := 'edit';
    else
        insert into channel_web_message
            (organization_id, bot_id, chat_id, author, text, format, buttons, reply_to, attachments, delivery, created_at)
        values (p_organization, p_bot, p_chat, 'bot', p_message ->> 'text', p_message ->> 'format',
            p_message -> 'buttons', (p_message ->> 'reply_to')::bigint, '[]', p_delivery, clock_timestamp())
        returning * into v_message;
    end if;
    perform live_publish(p_organization, p_stream, v_kind, channel_web_json(v_message));
    return v_message.id;
end $$;

-- As before, but a turn tells what changed in the dialogue and not all of it: somebody else may have changed the rest.
create or replace function channel_finish(
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
            update channel_chat c set context = jsonb_strip_nulls(c.context || p_context)
            where c.bot_id = p_bot and c.chat_id = p_chat;
        end if;
        return;
    end if;
    insert into channel_message (bot_id, chat_id, state, payload, attempts, created_at)
    select p_bot, p_chat, 'pending', reply.value, 0, now() from jsonb_array_elements(p_replies) with ordinality as reply
    order by reply.ordinality;
    -- One write of the chat's row for both, because every version of a row is paid for.
    update channel_chat c set
        context = case when p_context is null then c.context else jsonb_strip_nulls(c.context || p_context) end,
        sending = case when channel_may_send(c, p_lane) then p_lane else c.sending end,
        sending_until = case when channel_may_send(c, p_lane) then now() + p_lease else c.sending_until end
    where c.bot_id = p_bot and c.chat_id = p_chat
    returning c.sending = p_lane and c.sending_until = now() + p_lease into v_is_mine;
    if v_is_mine then
        return query select m.id, m.payload from channel_message m
            where m.bot_id = p_bot and m.chat_id = p_chat and m.state = 'pending' order by m.id limit 20;
    end if;
end $$;
