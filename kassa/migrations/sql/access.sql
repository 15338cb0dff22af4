-- Who a session or a key speaks for, in one look: the hot path of every authenticated request. Answers no row when
-- there is no such session or key. `problem` is empty when the caller may go on. A role without a row of its own is
-- as shipped: `permissions` is null then.
create function access_caller(p_session uuid, p_key_hash text, p_now timestamptz)
returns table (
    session_id uuid, key_id uuid, organization_id uuid, subject_kind text, subject_id uuid, role text, label text,
    permissions text[], scopes text[], is_key_stale boolean, problem text
) language sql stable as $$
    with caller as (
        select s.id as session_id, null::uuid as key_id, s.organization_id, s.subject_kind, s.subject_id,
               null::jsonb as scopes, false as is_key_stale,
               case when s.revoked_at is not null then 'closed' else '' end as problem
        from access_session s where s.id = p_session
        union all
        select null, k.id, k.organization_id, k.subject_kind, k.subject_id, k.scopes,
               k.last_used_at is null or k.last_used_at < p_now - interval '1 minute',
               case when k.revoked_at is not null then 'revoked' when k.expires_at <= p_now then 'expired' else '' end
        from access_key k where k.key_hash = p_key_hash
    )
    select c.session_id, c.key_id, c.organization_id, c.subject_kind, c.subject_id, m.role, m.label,
           case when r.permissions is not null then array(select jsonb_array_elements_text(r.permissions)) end,
           case when c.scopes is not null then array(select jsonb_array_elements_text(c.scopes)) end, c.is_key_stale,
           case when c.problem <> '' then c.problem
                when c.subject_kind = 'staff' and (m.id is null or m.disabled_at is not null) then 'disabled'
                else '' end
    from caller c
    left join access_member m on c.subject_kind = 'staff' and m.id = c.subject_id
    left join access_role r on r.organization_id = c.organization_id and r.name = m.role
$$;
