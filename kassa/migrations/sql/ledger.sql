-- The ledger's verbs, one round trip each. Expected outcomes (not enough, same key with other input) come back
-- as a status and not as an error, because an error would abort the caller's transaction.
-- Every function that changes a bounded account locks its balance row first, several in the order of account ids.

create function ledger_account_id(p_organization uuid, p_kind text, p_owner uuid, p_asset text, p_bounded boolean)
returns bigint language plpgsql as $$
declare v_id bigint;
begin
    select id into v_id from ledger_account
    where organization_id = p_organization and kind = p_kind and owner_id = p_owner and asset = p_asset;
    if v_id is not null then return v_id; end if;
    insert into ledger_account (organization_id, kind, owner_id, asset, bounded)
    values (p_organization, p_kind, p_owner, p_asset, p_bounded)
    on conflict (organization_id, kind, owner_id, asset) do nothing returning id into v_id;
    if v_id is null then
        select id into v_id from ledger_account
        where organization_id = p_organization and kind = p_kind and owner_id = p_owner and asset = p_asset;
    end if;
    if p_bounded then
        insert into ledger_balance (account_id, posted, held) values (v_id, 0, 0) on conflict do nothing;
    end if;
    return v_id;
end $$;

-- Posts a balanced transaction. Returns status posted | repeated | conflict | insufficient.
-- Nothing is looked for that the writes themselves tell: a repeat is rare, and undoes its change of balances.
create function ledger_post(
    p_id uuid, p_organization uuid, p_key text, p_hash text, p_kind text, p_reference text,
    p_kinds text[], p_owners uuid[], p_assets text[], p_amounts bigint[], p_bounded boolean[], p_now timestamptz,
    out status text, out transaction_id uuid
) language plpgsql as $$
declare
    v_accounts bigint[] := '{}';
    i int;
begin
    for i in 1 .. array_length(p_kinds, 1) loop
        v_accounts := v_accounts || ledger_account_id(p_organization, p_kinds[i], p_owners[i], p_assets[i], p_bounded[i]);
    end loop;
    if not ledger_change_balances(v_accounts, p_amounts, p_bounded) then
        select * into status, transaction_id from ledger_repeated(p_organization, p_key, p_hash);
        status := coalesce(status, 'insufficient');
        return;
    end if;
    insert into ledger_transaction (id, organization_id, idempotency_key, input_hash, kind, reference, created_at)
    values (p_id, p_organization, p_key, p_hash, p_kind, p_reference, p_now)
    on conflict (organization_id, idempotency_key) do nothing;
    if not found then
        update ledger_balance b set posted = b.posted - change.amount
        from (select a.id, sum(a.amount) as amount
              from unnest(v_accounts, p_amounts, p_bounded) as a(id, amount, bounded) where a.bounded group by a.id) change
        where b.account_id = change.id;
        select * into status, transaction_id from ledger_repeated(p_organization, p_key, p_hash);
        return;
    end if;
    insert into ledger_entry (transaction_id, account_id, asset, amount)
    select p_id, a.id, a.asset, a.amount from unnest(v_accounts, p_assets, p_amounts) as a(id, asset, amount);
    status := 'posted';
    transaction_id := p_id;
end $$;

-- Adds amounts to the balances of bounded accounts; false, and nothing is changed, when one would not suffice.
create function ledger_change_balances(p_accounts bigint[], p_amounts bigint[], p_bounded boolean[])
returns boolean language plpgsql as $$
declare v_places int[] := array_positions(p_bounded, true); v_short boolean;
begin
    if cardinality(v_places) = 0 then return true; end if;
    if cardinality(v_places) = 1 then
        update ledger_balance b set posted = b.posted + p_amounts[v_places[1]]
        where b.account_id = p_accounts[v_places[1]] and b.posted - b.held + p_amounts[v_places[1]] >= 0;
        return found;
    end if;
    perform 1 from ledger_balance b where b.account_id = any(p_accounts) order by b.account_id for update;
    select bool_or(b.posted - b.held + change.amount < 0) into v_short
    from (select a.id, sum(a.amount) as amount
          from unnest(p_accounts, p_amounts, p_bounded) as a(id, amount, bounded) where a.bounded group by a.id) change
    join ledger_balance b on b.account_id = change.id;
    if v_short then return false; end if;
    update ledger_balance b set posted = b.posted + change.amount
    from (select a.id, sum(a.amount) as amount
          from unnest(p_accounts, p_amounts, p_bounded) as a(id, amount, bounded) where a.bounded group by a.id) change
    where b.account_id = change.id;
    return true;
end $$;

-- What an idempotency key was used for: repeated | conflict and the transaction; no status when it is new.
create function ledger_repeated(p_organization uuid, p_key text, p_hash text, out status text, out transaction_id uuid)
language sql stable as $$
    select case when t.input_hash = p_hash then 'repeated' else 'conflict' end, t.id from ledger_transaction t
    where t.organization_id = p_organization and t.idempotency_key = p_key
$$;

-- Credits an owner's account with a grant: units that may expire, spent in their own order.
create function ledger_grant(
    p_id uuid, p_organization uuid, p_key text, p_hash text, p_kind text, p_reference text,
    p_account_kind text, p_owner uuid, p_asset text, p_amount bigint, p_from_kind text,
    p_source text, p_priority int, p_expires_at timestamptz, p_now timestamptz,
    out status text, out transaction_id uuid
) language plpgsql as $$
declare v_posted record;
begin
    select * into v_posted from ledger_post(
        p_id, p_organization, p_key, p_hash, p_kind, p_reference,
        array[p_account_kind, p_from_kind], array[p_owner, '00000000-0000-0000-0000-000000000000'::uuid],
        array[p_asset, p_asset], array[p_amount, -p_amount], array[true, false], p_now);
    status := v_posted.status;
    transaction_id := v_posted.transaction_id;
    if status = 'posted' then
        insert into ledger_grant (account_id, transaction_id, source, reference, amount, remaining, held, priority, expires_at, created_at)
        values (ledger_account_id(p_organization, p_account_kind, p_owner, p_asset, true),
                p_id, p_source, p_reference, p_amount, p_amount, 0, p_priority, p_expires_at, p_now);
    end if;
end $$;

-- Reserves units. Returns status held | repeated | conflict | insufficient, and what is available after it.
create function ledger_hold(
    p_id uuid, p_organization uuid, p_key text, p_hash text, p_account_kind text, p_owner uuid, p_asset text,
    p_amount bigint, p_reference text, p_expires_at timestamptz, p_now timestamptz,
    out status text, out hold_id uuid, out available bigint, out held bigint
) language plpgsql as $$
declare v_account bigint; v_hash text; v_state text;
begin
    select a.id into v_account from ledger_account a
    where a.organization_id = p_organization and a.kind = p_account_kind and a.owner_id = p_owner and a.asset = p_asset;
    available := 0;
    held := 0;
    if v_account is null then status := 'insufficient'; return; end if;
    select b.held into held from ledger_balance b where b.account_id = v_account for update;
    select coalesce(sum(g.remaining - g.held), 0) into available from ledger_grant g
    where g.account_id = v_account and g.remaining > g.held and g.voided_at is null
      and (g.expires_at is null or g.expires_at > p_now);
    select h.id, h.input_hash, h.state into hold_id, v_hash, v_state from ledger_hold h
    where h.organization_id = p_organization and h.idempotency_key = p_key;
    if found then
        status := case when v_hash = p_hash then 'repeated' else 'conflict' end;
        return;
    end if;
    if available < p_amount then status := 'insufficient'; return; end if;
    insert into ledger_hold (id, organization_id, account_id, idempotency_key, input_hash, amount, captured, state, reference, expires_at, created_at)
    values (p_id, p_organization, v_account, p_key, p_hash, p_amount, 0, 'open', p_reference, p_expires_at, p_now);
    with usable as (
        select g.id, g.remaining - g.held as free,
               sum(g.remaining - g.held) over (order by g.priority, g.expires_at nulls last, g.id) as running
        from ledger_grant g
        where g.account_id = v_account and g.remaining > g.held and g.voided_at is null
          and (g.expires_at is null or g.expires_at > p_now)
    ), taken as (
        select u.id, least(u.free, p_amount - (u.running - u.free)) as amount
        from usable u where u.running - u.free < p_amount
    ), marked as (
        update ledger_grant g set held = g.held + taken.amount from taken where g.id = taken.id
        returning g.id, taken.amount
    )
    insert into ledger_hold_grant (hold_id, grant_id, amount) select p_id, marked.id, marked.amount from marked;
    update ledger_balance b set held = b.held + p_amount where b.account_id = v_account;
    status := 'held';
    hold_id := p_id;
    available := available - p_amount;
    held := held + p_amount;
end $$;

-- Charges a hold in full or in part and returns the rest to the same grants.
-- Returns status captured | repeated | conflict | released | missing, and what was charged.
create function ledger_capture(
    p_hold uuid, p_amount bigint, p_transaction uuid, p_kind text, p_to_kind text, p_now timestamptz,
    out status text, out captured bigint
) language plpgsql as $$
declare v_hold ledger_hold; v_organization uuid; v_asset text; v_account bigint;
begin
    select h.account_id into v_account from ledger_hold h where h.id = p_hold;
    captured := 0;
    if v_account is null then status := 'missing'; return; end if;
    perform 1 from ledger_balance b where b.account_id = v_account for update;
    select * into v_hold from ledger_hold h where h.id = p_hold;
    captured := v_hold.captured;
    if v_hold.state = 'captured' then
        status := case when v_hold.captured = p_amount then 'repeated' else 'conflict' end;
        return;
    end if;
    if v_hold.state = 'released' then status := 'released'; return; end if;
    if p_amount <= 0 or p_amount > v_hold.amount then status := 'conflict'; return; end if;
    select a.organization_id, a.asset into v_organization, v_asset from ledger_account a where a.id = v_account;
    insert into ledger_transaction (id, organization_id, idempotency_key, input_hash, kind, reference, created_at)
    values (p_transaction, v_organization, 'capture:' || p_hold, p_amount::text, p_kind, v_hold.reference, p_now);
    insert into ledger_entry (transaction_id, account_id, asset, amount) values
        (p_transaction, v_account, v_asset, -p_amount),
        (p_transaction, ledger_account_id(v_organization, p_to_kind, '00000000-0000-0000-0000-000000000000', v_asset, false),
         v_asset, p_amount);
    with allocated as (
        select hg.grant_id, hg.amount,
               sum(hg.amount) over (order by g.priority, g.expires_at nulls last, g.id) as running
        from ledger_hold_grant hg join ledger_grant g on g.id = hg.grant_id where hg.hold_id = p_hold
    ), spent as (
        select a.grant_id, a.amount, greatest(0, least(a.amount, p_amount - (a.running - a.amount))) as used from allocated a
    ), changed as (
        update ledger_grant g set remaining = g.remaining - spent.used, held = g.held - spent.amount
        from spent where g.id = spent.grant_id returning g.id, spent.used
    )
    insert into ledger_grant_spend (transaction_id, grant_id, amount)
    select p_transaction, changed.id, changed.used from changed where changed.used > 0;
    update ledger_balance b set posted = b.posted - p_amount, held = b.held - v_hold.amount where b.account_id = v_account;
    update ledger_hold h set state = 'captured', captured = p_amount, closed_at = p_now where h.id = p_hold;
    status := 'captured';
    captured := p_amount;
end $$;

-- Gives a hold back to its grants. Returns released | repeated | captured | missing.
create function ledger_release(p_hold uuid, p_now timestamptz, out status text) language plpgsql as $$
declare v_hold ledger_hold; v_account bigint;
begin
    select h.account_id into v_account from ledger_hold h where h.id = p_hold;
    if v_account is null then status := 'missing'; return; end if;
    perform 1 from ledger_balance b where b.account_id = v_account for update;
    select * into v_hold from ledger_hold h where h.id = p_hold;
    if v_hold.state <> 'open' then
        status := case when v_hold.state = 'released' then 'repeated' else 'captured' end;
        return;
    end if;
    update ledger_grant g set held = g.held - hg.amount from ledger_hold_grant hg
    where hg.hold_id = p_hold and g.id = hg.grant_id;
    update ledger_balance b set held = b.held - v_hold.amount where b.account_id = v_account;
    update ledger_hold h set state = 'released', closed_at = p_now where h.id = p_hold;
    status := 'released';
end $$;

-- Takes up to p_amount (null: all) of the free units of one purchase's grants back. With p_void the purchase's
-- grants can no longer be spent, and what is held now lapses when its hold is released.
-- Returns status taken | repeated | conflict, and what was taken.
create function ledger_take_back(
    p_id uuid, p_organization uuid, p_key text, p_hash text, p_kind text, p_reference text, p_to_kind text,
    p_amount bigint, p_void boolean, p_now timestamptz, out status text, out taken bigint
) language plpgsql as $$
declare v_hash text; v_accounts bigint[];
begin
    select array_agg(distinct g.account_id) into v_accounts
    from ledger_grant g join ledger_account a on a.id = g.account_id
    where a.organization_id = p_organization and g.reference = p_reference;
    perform 1 from ledger_balance b where b.account_id = any(v_accounts) order by b.account_id for update;
    taken := 0;
    select t.input_hash into v_hash from ledger_transaction t
    where t.organization_id = p_organization and t.idempotency_key = p_key;
    if found then
        status := case when v_hash = p_hash then 'repeated' else 'conflict' end;
        select coalesce(sum(s.amount), 0) into taken from ledger_grant_spend s
        join ledger_transaction t on t.id = s.transaction_id
        where t.organization_id = p_organization and t.idempotency_key = p_key;
        return;
    end if;
    insert into ledger_transaction (id, organization_id, idempotency_key, input_hash, kind, reference, created_at)
    values (p_id, p_organization, p_key, p_hash, p_kind, p_reference, p_now);
    with free as (
        select g.id, g.account_id, a.asset, g.remaining - g.held as amount,
               sum(g.remaining - g.held) over (order by g.priority desc, g.expires_at desc nulls first, g.id desc) as running
        from ledger_grant g join ledger_account a on a.id = g.account_id
        where g.account_id = any(v_accounts) and g.reference = p_reference and g.remaining > g.held
    ), chosen as (
        select f.id, f.account_id, f.asset, least(f.amount, coalesce(p_amount, f.running) - (f.running - f.amount)) as amount
        from free f where p_amount is null or f.running - f.amount < p_amount
    ), changed as (
        update ledger_grant g set remaining = g.remaining - chosen.amount from chosen where g.id = chosen.id
        returning g.id, chosen.account_id, chosen.asset, chosen.amount
    ), noted as (
        insert into ledger_grant_spend (transaction_id, grant_id, amount)
        select p_id, changed.id, changed.amount from changed returning amount
    ), entered as (
        insert into ledger_entry (transaction_id, account_id, asset, amount)
        select p_id, changed.account_id, changed.asset, -sum(changed.amount)::bigint from changed group by 2, 3
        union all
        select p_id, ledger_account_id(p_organization, p_to_kind, '00000000-0000-0000-0000-000000000000', changed.asset, false),
               changed.asset, sum(changed.amount)::bigint from changed group by changed.asset
    ), balanced as (
        update ledger_balance b set posted = b.posted - change.amount
        from (select account_id, sum(amount) as amount from changed group by account_id) change
        where b.account_id = change.account_id
    )
    select coalesce(sum(noted.amount), 0) into taken from noted;
    if p_void then
        update ledger_grant g set voided_at = p_now
        where g.account_id = any(v_accounts) and g.reference = p_reference and g.voided_at is null;
    end if;
    status := 'taken';
end $$;

-- Posts what is left of expired and voided grants away, at most p_limit grants. Returns how many.
create function ledger_expire(p_limit int, p_now timestamptz) returns int language plpgsql as $$
declare v_grant record; v_left bigint; v_void boolean; v_transaction uuid; v_count int := 0;
begin
    for v_grant in
        select g.id, g.account_id, g.reference, a.organization_id, a.asset from ledger_grant g
        join ledger_account a on a.id = g.account_id
        where g.remaining > g.held and (g.expires_at <= p_now or g.voided_at is not null)
        order by g.account_id, g.id limit p_limit
    loop
        perform 1 from ledger_balance b where b.account_id = v_grant.account_id for update;
        select g.remaining - g.held, g.voided_at is not null into v_left, v_void from ledger_grant g where g.id = v_grant.id;
        continue when v_left <= 0;
        v_transaction := gen_random_uuid();
        insert into ledger_transaction (id, organization_id, idempotency_key, input_hash, kind, reference, created_at)
        select v_transaction, v_grant.organization_id, 'lapse:' || v_grant.id || ':' || count(*), v_left::text,
               case when v_void then 'take_back' else 'expiry' end, v_grant.reference, p_now
        from ledger_grant_spend s where s.grant_id = v_grant.id;
        insert into ledger_entry (transaction_id, account_id, asset, amount) values
            (v_transaction, v_grant.account_id, v_grant.asset, -v_left),
            (v_transaction, ledger_account_id(v_grant.organization_id,
                case when v_void then 'tokens_taken_back' else 'tokens_expired' end,
                '00000000-0000-0000-0000-000000000000', v_grant.asset, false), v_grant.asset, v_left);
        insert into ledger_grant_spend (transaction_id, grant_id, amount) values (v_transaction, v_grant.id, v_left);
        update ledger_grant g set remaining = g.remaining - v_left where g.id = v_grant.id;
        update ledger_balance b set posted = b.posted - v_left where b.account_id = v_grant.account_id;
        v_count := v_count + 1;
    end loop;
    return v_count;
end $$;

-- Append-only: entries, transactions and the record of what each spent.
create function ledger_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name using errcode = 'KL001';
end $$;

create trigger ledger_entry_append_only before update or delete or truncate on ledger_entry
    for each statement execute function ledger_refuse_change();
create trigger ledger_transaction_append_only before update or delete or truncate on ledger_transaction
    for each statement execute function ledger_refuse_change();
create trigger ledger_grant_spend_append_only before update or delete or truncate on ledger_grant_spend
    for each statement execute function ledger_refuse_change();

-- The role refuses too. Only on the leaf: foreign-key checks need the right to lock rows they point at.
do $$ begin execute format('revoke update, delete, truncate on ledger_entry, ledger_grant_spend from %I', current_user); end $$;

-- Per transaction and asset the sum is zero, within every statement that adds entries: a transaction's entries are
-- inserted together, and nothing can be added to it later that would not balance by itself.
create function ledger_check_balanced() returns trigger language plpgsql as $$
declare v_entry record; v_transaction uuid; v_asset text; v_total numeric := 0; v_is_mixed boolean := false;
begin
    -- Nearly always one transaction in one asset: adding up here costs a tenth of grouping.
    for v_entry in select added.transaction_id, added.asset, added.amount from added loop
        if v_transaction is null then
            v_transaction := v_entry.transaction_id;
            v_asset := v_entry.asset;
        end if;
        v_total := v_total + v_entry.amount;
        v_is_mixed := v_is_mixed or v_entry.transaction_id <> v_transaction or v_entry.asset <> v_asset;
    end loop;
    if v_is_mixed then
        select coalesce(max(abs(unbalanced.amount)), 0) into v_total from
            (select sum(added.amount) as amount from added group by added.transaction_id, added.asset) unbalanced;
    end if;
    if v_total <> 0 then
        raise exception 'entries of a ledger transaction do not sum to zero' using errcode = 'KL002';
    end if;
    return null;
end $$;
create trigger ledger_entry_balanced after insert on ledger_entry
    referencing new table as added for each statement execute function ledger_check_balanced();
