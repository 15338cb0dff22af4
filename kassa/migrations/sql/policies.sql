-- Counters of limits: one statement checks the version of the rules, the blocks, and counts in several windows, all of
-- them or none. Rows are locked in the order of their keys, so that two requests never wait for each other.

-- When the window that holds a moment ends. Without an anchor a window opens with its first request. With one, windows
-- follow one another from the anchor in local time of a zone: calendars, and periods that begin with a purchase.
create function policy_closes(
    p_at timestamptz, p_months int, p_seconds bigint, p_anchor timestamptz, p_zone text
) returns timestamptz language plpgsql immutable as $$
declare
    v_at timestamp;
    v_anchor timestamp;
    v_step interval := make_interval(months => p_months, secs => p_seconds);
    v_months int;
    v_count bigint;
begin
    if p_anchor is null then return (p_at at time zone 'UTC' + v_step) at time zone 'UTC'; end if;
    v_at := p_at at time zone p_zone;
    v_anchor := p_anchor at time zone p_zone;
    if p_months > 0 then
        v_months := (extract(year from v_at) - extract(year from v_anchor)) * 12
            + extract(month from v_at) - extract(month from v_anchor);
        v_count := floor(v_months::numeric / p_months);
        -- The day of the month may not have come yet.
        if v_anchor + v_step * v_count <= v_at then v_count := v_count + 1; end if;
    else
        v_count := floor(extract(epoch from v_at - v_anchor) / p_seconds) + 1;
    end if;
    return (v_anchor + v_step * v_count) at time zone p_zone;
end $$;

-- One answer of four: `stale` (the rules have another version: read them again), `blocked`, `refused` (p_refused: which
-- limits are reached, counted from 1), `allowed`. Counts and ends of windows are as they are after the answer. Without
-- p_is_counted nothing is counted and p_closes are the ends of windows that would open now.
create function policy_admit(
    p_organization uuid, p_version bigint, p_customer uuid, p_ip inet, p_offset interval, p_is_counted boolean,
    p_keys uuid[], p_limits bigint[], p_costs bigint[], p_months int[], p_seconds bigint[], p_anchors timestamptz[],
    p_zones text[],
    out verdict text, out seen_at timestamptz, out refused int[], out counts bigint[], out closes timestamptz[],
    out block_id uuid, out block_reason text, out block_rule text, out blocked_until timestamptz
) language plpgsql as $$
declare
    v_version bigint;
    v_count bigint;
    v_closes timestamptz;
begin
    seen_at := clock_timestamp() + p_offset;
    select h.version into v_version from policies_head h where h.organization_id = p_organization;
    if coalesce(v_version, 0) <> p_version then
        verdict := 'stale';
        return;
    end if;
    select b.id, b.reason, b.rule, b.until into block_id, block_reason, block_rule, blocked_until
    from policies_block b
    where b.organization_id = p_organization and b.lifted_at is null and (b.until is null or b.until > seen_at)
        and (b.customer_id = p_customer or b.network >>= p_ip)
    order by b.until desc nulls first limit 1;
    if block_id is not null then
        verdict := 'blocked';
        return;
    end if;
    verdict := 'allowed';
    if cardinality(p_keys) = 0 then return; end if;
    -- One window that opens with its first request is what nearly every request has: it needs no sets and no undoing.
    if p_is_counted and cardinality(p_keys) = 1 and p_anchors[1] is null then
        insert into policies_counter as c (key, count, ceiling, closes_at)
        values (p_keys[1], p_costs[1], p_limits[1],
            policy_closes(seen_at, p_months[1], p_seconds[1], null, 'UTC'))
        on conflict (key) do update set
            count = case when c.closes_at <= seen_at or c.count = 0 then 0 else c.count end + excluded.count,
            closes_at = case when c.closes_at <= seen_at or c.count = 0 then excluded.closes_at else c.closes_at end,
            ceiling = excluded.ceiling
        where c.closes_at <= seen_at or c.count = 0 or c.count + excluded.count <= excluded.ceiling
        returning c.count, c.closes_at into v_count, v_closes;
        if v_count is null then
            verdict := 'refused';
            refused := array[1];
            select c.count, c.closes_at into v_count, v_closes from policies_counter c where c.key = p_keys[1];
        end if;
        counts := array[v_count];
        closes := array[v_closes];
        return;
    end if;
    select array_agg(policy_closes(seen_at, w.months, w.seconds, w.anchor, w.zone) order by w.n) into closes
    from unnest(p_months, p_seconds, p_anchors, p_zones) with ordinality w(months, seconds, anchor, zone, n);
    if not p_is_counted then return; end if;
    with counted as (
        insert into policies_counter as c (key, count, ceiling, closes_at)
        select w.key, w.cost, w.ceiling, w.closes_at
        from unnest(p_keys, p_costs, p_limits, closes) w(key, cost, ceiling, closes_at) order by w.key
        on conflict (key) do update set
            count = case when c.closes_at <= seen_at or c.count = 0 then 0 else c.count end + excluded.count,
            closes_at = case when c.closes_at <= seen_at or c.count = 0 then excluded.closes_at else c.closes_at end,
            ceiling = excluded.ceiling
        where c.closes_at <= seen_at or c.count = 0 or c.count + excluded.count <= excluded.ceiling
        returning c.key, c.count, c.closes_at
    )
    select array_agg(c.count order by w.n), array_agg(c.closes_at order by w.n),
        array_agg(w.n::int) filter (where c.key is null)
    into counts, closes, refused
    from unnest(p_keys) with ordinality w(key, n) left join counted c on c.key = w.key;
    if refused is null then return; end if;
    verdict := 'refused';
    -- All or nothing. The rows are still locked by this statement, so nobody has seen them counted.
    update policies_counter c set count = c.count - w.cost
    from unnest(p_keys, p_costs) with ordinality w(key, cost, n)
    where c.key = w.key and not w.n = any (refused);
    select array_agg(c.count order by w.n), array_agg(c.closes_at order by w.n) into counts, closes
    from unnest(p_keys) with ordinality w(key, n) join policies_counter c on c.key = w.key;
end $$;

-- Forgets what was counted for a request, where only other outcomes count.
create function policy_forget(p_keys uuid[], p_costs bigint[]) returns void language sql as $$
    update policies_counter c set count = greatest(c.count - w.cost, 0)
    from (select * from unnest(p_keys, p_costs) k(key, cost) order by k.key) w where c.key = w.key
$$;

-- Takes one of so many places that may be held at the same time; false and the end of the soonest lease when all are
-- taken. Who holds a place renews it before its lease ends.
create function policy_take_place(
    p_keys uuid[], p_limits bigint[], p_id uuid, p_lease interval,
    out is_taken boolean, out refused int[], out free_at timestamptz
) language plpgsql as $$
declare
    v_key uuid;
begin
    for v_key in select k from unnest(p_keys) k order by k loop
        perform pg_advisory_xact_lock(hashtextextended(v_key::text, 20));
    end loop;
    delete from policies_place p where p.key = any (p_keys) and p.until <= clock_timestamp();
    select array_agg(w.n::int) into refused
    from unnest(p_keys, p_limits) with ordinality w(key, ceiling, n)
    where (select count(*) from policies_place p where p.key = w.key) >= w.ceiling;
    is_taken := refused is null;
    if is_taken then
        insert into policies_place (id, key, until) select p_id, k, clock_timestamp() + p_lease from unnest(p_keys) k;
    else
        select min(p.until) into free_at from policies_place p where p.key = any (p_keys);
    end if;
end $$;
