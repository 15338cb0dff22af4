-- What a page sends may have files.

drop function channel_web_accept(uuid, uuid, bigint, text, text, jsonb, text, bigint, uuid, jsonb);

-- Takes what a visitor did, once for each id that the page gave it. p_text is set when it is a message, which is kept for
-- reading with its files (p_attachments), and told with their addresses of now (p_told); a pressed button or a stop is
-- only handled. The chat's lock makes messages, updates and events of one order.
create function channel_web_accept(
    p_organization uuid, p_bot uuid, p_chat bigint, p_stream text, p_client text, p_payload jsonb, p_text text,
    p_reply_to bigint, p_attachments jsonb, p_told jsonb, p_lane uuid, p_headers jsonb
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
        values (p_organization, p_bot, p_chat, 'customer', p_text, 'plain', '[]', p_reply_to, p_attachments, p_client,
            clock_timestamp())
        returning * into v_message;
        v_payload := v_payload || jsonb_build_object('message_id', v_message.id);
        message := channel_web_json(v_message) || jsonb_build_object('attachments', p_told);
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
