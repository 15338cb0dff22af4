import type { Row } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Avatar, Badge, Button, MenuItem } from "@kassa/ui";
import { KeyRound, ShieldOff, UserCheck, UserCog, UserPlus, UserX } from "lucide-react";
import { useState } from "react";
import { api } from "../../app/api";
import { useCan, useMe } from "../../app/me";
import { ListPage } from "../../list/ListPage";
import type { Column } from "../../list/types";
import { DangerDialog, type Danger } from "../../parts/DangerDialog";
import { Moment } from "../../parts/Moment";
import { Status } from "../../parts/Status";
import { Invitations } from "./Invitations";
import { InviteDialog } from "./InviteDialog";
import { RoleDialog } from "./RoleDialog";

type Member = Row<"/api/v1/admin/staff">;

/** Who works here, in what role, and who was invited. */
export default function Staff() {
  const { t } = useTranslation();
  const can = useCan();
  const [isInviting, setInviting] = useState(false);
  const [changing, setChanging] = useState<Member | null>(null);
  const [danger, setDanger] = useState<Danger | null>(null);
  const mayEdit = can("identity.staff.edit");
  const columns: Column<Member>[] = [
    { id: "name", label: t("staff.person"), cell: (one) => <Person one={one} /> },
    { id: "role", label: t("staff.role"), cell: (one) => t(`role.${one.role}`) },
    { id: "status", label: t("staff.status"), cell: (one) => <Status value={one.disabled_at ? "disabled" : "active"} /> },
    { id: "factor", label: t("staff.factor"), cell: (one) => <Badge tone={one.has_second_factor ? "good" : "warn"}>{one.has_second_factor ? t("staff.factor_on") : t("staff.factor_off")}</Badge> },
    { id: "login", label: t("staff.last_login"), cell: (one) => <Moment at={one.last_login_at} />, isNumber: true },
    { id: "created", label: t("staff.since"), cell: (one) => <Moment at={one.created_at} />, isNumber: true, isExtra: true },
  ];
  return (
    <>
      <ListPage
        path="/api/v1/admin/staff"
        title={t("page.staff")}
        description={t("staff.about")}
        columns={columns}
        actions={mayEdit ? (one) => <Verbs one={one} onRole={() => setChanging(one)} onDanger={setDanger} /> : undefined}
        buttons={mayEdit && <Button look="primary" onClick={() => setInviting(true)}><UserPlus aria-hidden />{t("staff.invite")}</Button>}
      />
      {mayEdit && <Invitations />}
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
      {changing && <RoleDialog member={changing} onClose={() => setChanging(null)} />}
      <DangerDialog danger={danger} onClose={() => setDanger(null)} />
    </>
  );
}

function Person({ one }: { one: Member }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Avatar name={one.name || one.email} size="sm" />
      <span className="min-w-0">
        <span className="block truncate font-medium">{one.name || one.email}{one.id === me.id && <span className="ml-1.5 font-normal text-ink-faint">{t("staff.you")}</span>}</span>
        {one.name && <span className="block truncate text-[13px] font-normal text-ink-faint">{one.email}</span>}
      </span>
    </span>
  );
}

function Verbs({ one, onRole, onDanger }: { one: Member; onRole(): void; onDanger(danger: Danger): void }) {
  const { t } = useTranslation();
  const me = useMe();
  if (one.id === me.id) return <MenuItem icon={<UserCog />} disabled>{t("staff.own")}</MenuItem>;
  const name = one.name || one.email;
  const path = { params: { path: { member_id: one.id } } };
  const disable: Danger = {
    title: t("staff.disable_title", { name }),
    consequence: t("staff.disable_text"),
    confirm: t("staff.disable"),
    done: t("staff.disabled_done", { name }),
    run: (reason) => api.PUT("/api/v1/admin/staff/{member_id}", { ...path, body: { is_disabled: true, reason } }),
  };
  const enable: Danger = {
    title: t("staff.enable_title", { name }),
    consequence: t("staff.enable_text"),
    confirm: t("staff.enable"),
    done: t("staff.enabled_done", { name }),
    isHarmless: true,
    run: (reason) => api.PUT("/api/v1/admin/staff/{member_id}", { ...path, body: { is_disabled: false, reason } }),
  };
  const reset: Danger = {
    title: t("staff.reset_title", { name }),
    consequence: t("staff.reset_text"),
    confirm: t("staff.reset"),
    done: t("staff.reset_done", { name }),
    run: (reason) => api.POST("/api/v1/admin/staff/{member_id}/second-factor/reset", { ...path, body: { reason } }),
  };
  return (
    <>
      <MenuItem icon={<UserCog />} onSelect={onRole}>{t("staff.change_role")}</MenuItem>
      <MenuItem icon={one.has_second_factor ? <ShieldOff /> : <KeyRound />} disabled={!one.has_second_factor} onSelect={() => onDanger(reset)}>{t("staff.reset")}</MenuItem>
      {one.disabled_at ? <MenuItem icon={<UserCheck />} onSelect={() => onDanger(enable)}>{t("staff.enable")}</MenuItem> : <MenuItem icon={<UserX />} isDanger onSelect={() => onDanger(disable)}>{t("staff.disable")}</MenuItem>}
    </>
  );
}
