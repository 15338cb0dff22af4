-- Hands what one owner has over to another: every free grant with its term and its purchase, as one transaction.
-- Returns how many units went over, or -1 when something is held: then nothing is changed.
create function ledger_hand_over(p_id uuid, p_organization uuid, p_from uuid, p_to uuid, p_kind text, p_now timestamptz)
returns bigint language plpgsql as $$
declare v_account record; v_target bigint; v_total bigint := 0; v_moved bigint;
begin
    for v_account in
        select a.id, a.asset, b.held from ledger_account a join ledger_balance b on b.account_id = a.id
        where a.organization_id = p_organization and a.kind = p_kind and a.owner_id = p_from order by a.id for update of b
    loop
        if v_account.held > 0 then return -1; end if;
        v_target := ledger_account_id(p_organization, p_kind, p_to, v_account.asset, true);
        perform 1 from ledger_balance b where b.account_id = v_target for update;
        select coalesce(sum(g.remaining), 0) into v_moved from ledger_grant g
        where g.account_id = v_account.id and g.remaining > 0;
        continue when v_moved = 0;
        insert into ledger_transaction (id, organization_id, idempotency_key, input_hash, kind, reference, created_at)
        values (p_id, p_organization, 'hand-over:' || v_account.id || ':' || p_id, v_moved::text, 'hand_over',
                'customer:' || p_from, p_now) on conflict do nothing;
        insert into ledger_entry (transaction_id, account_id, asset, amount) values
            (p_id, v_account.id, v_account.asset, -v_moved), (p_id, v_target, v_account.asset, v_moved);
        insert into ledger_grant (account_id, transaction_id, source, reference, amount, remaining, held, priority,
                                  expires_at, voided_at, created_at)
        select v_target, p_id, 'hand_over', g.reference, g.remaining, g.remaining, 0, g.priority, g.expires_at,
               g.voided_at, g.created_at
        from ledger_grant g where g.account_id = v_account.id and g.remaining > 0 order by g.id;
        insert into ledger_grant_spend (transaction_id, grant_id, amount)
        select p_id, g.id, g.remaining from ledger_grant g where g.account_id = v_account.id and g.remaining > 0;
        update ledger_grant g set remaining = 0 where g.account_id = v_account.id and g.remaining > 0;
        update ledger_balance b set posted = b.posted - v_moved where b.account_id = v_account.id;
        update ledger_balance b set posted = b.posted + v_moved where b.account_id = v_target;
        v_total := v_total + v_moved;
    end loop;
    return v_total;
end $$;
