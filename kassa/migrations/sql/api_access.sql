-- A call of a customer's program, begun and ended in one statement each.

-- Whether a customer may use something of a kind now, beside tokens.
create function billing_owns(p_customer uuid, p_kind text, p_now timestamptz) returns boolean language sql stable as $$
    select exists (
        select from billing_entitlement e
        where e.customer_id = p_customer and e.kind = p_kind and e.starts_at <= p_now and e.ends_at > p_now
          and e.revoked_at is null
    )
$$;

-- Begins a call: checks the plan and holds what it may cost. Returns open | no_plan | no_tokens, and what is available
-- to a customer who has too little; in the last two cases nothing was changed.
create function api_access_open(
    p_id uuid, p_organization uuid, p_customer uuid, p_key uuid, p_kind text, p_model text, p_price bigint, p_hold uuid,
    p_lease_until timestamptz, p_now timestamptz,
    out status text, out available bigint
) language plpgsql as $$
begin
    if not billing_owns(p_customer, 'api', p_now) then status := 'no_plan'; return; end if;
    if p_price > 0 then
        select h.status, h.available into status, available from ledger_hold(
            p_hold, p_organization, 'api:' || p_id, p_price::text, 'customer_tokens', p_customer, 'TOKEN', p_price,
            'api:' || p_id, p_lease_until, p_now
        ) h;
        if status <> 'held' then status := 'no_tokens'; return; end if;
    end if;
    insert into api_access_request (id, organization_id, customer_id, key_id, kind, model, status, hold_id, price_tokens,
        charged_tokens, lease_until, created_at)
    values (p_id, p_organization, p_customer, p_key, p_kind, p_model, 'running', case when p_price > 0 then p_hold end,
        p_price, 0, p_lease_until, p_now);
    status := 'open';
end $$;

-- Ends a call: charges, at most what is held, or gives everything back, and keeps the record of it. Returns what was
-- charged; null when the call had ended before, and then nothing is changed.
create function api_access_close(
    p_id uuid, p_charge bigint, p_status text, p_error text, p_is_cached boolean, p_input bigint, p_output bigint,
    p_cost bigint, p_transaction uuid, p_record uuid, p_now timestamptz
) returns bigint language plpgsql as $$
declare v_call api_access_request; v_charged bigint := 0; v_settled text;
begin
    select * into v_call from api_access_request r where r.id = p_id for update;
    if v_call.status is distinct from 'running' then return null; end if;
    if v_call.hold_id is not null then
        v_charged := least(greatest(p_charge, 0), v_call.price_tokens);
        if v_charged > 0 then
            select c.status into v_settled
            from ledger_capture(v_call.hold_id, v_charged, p_transaction, 'usage', 'tokens_used', p_now) c;
        else
            select r.status into v_settled from ledger_release(v_call.hold_id, p_now) r;
        end if;
        if v_settled not in ('captured', 'released') then
            raise exception 'the hold of call % cannot be settled: it is %', p_id, v_settled using errcode = 'KA001';
        end if;
    end if;
    update api_access_request r set status = p_status, charged_tokens = v_charged, finished_at = p_now where r.id = p_id;
    insert into usage_record (id, organization_id, customer_id, bot_id, key_id, channel, kind, model, status, error_code,
        is_cached, input_tokens, output_tokens, charged_tokens, cost_micro_usd, latency_ms, created_at)
    values (p_record, v_call.organization_id, v_call.customer_id, null, v_call.key_id, 'api', v_call.kind, v_call.model,
        p_status, p_error, p_is_cached, p_input, p_output, v_charged, p_cost,
        round(extract(epoch from p_now - v_call.created_at) * 1000), p_now);
    return v_charged;
end $$;

-- Takes back the beginning of a call that is refused before anybody was asked.
create function api_access_cancel(p_id uuid, p_now timestamptz) returns void language plpgsql as $$
declare v_hold uuid;
begin
    delete from api_access_request r where r.id = p_id and r.status = 'running' returning r.hold_id into v_hold;
    if v_hold is not null then perform ledger_release(v_hold, p_now); end if;
end $$;
