import type { Row, Schema } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Field, NativeSelect } from "@kassa/ui";
import { useState } from "react";
import { api } from "../../app/api";
import { DangerDialog } from "../../parts/DangerDialog";
import { ROLES } from "./roles";

/** Gives a colleague another role. */
export function RoleDialog({ member, onClose }: { member: Row<"/api/v1/admin/staff">; onClose(): void }) {
  const { t } = useTranslation();
  const [role, setRole] = useState<Schema["Role"]>(member.role);
  const name = member.name || member.email;
  return (
    <DangerDialog
      onClose={onClose}
      danger={{
        title: t("staff.role_title", { name }),
        consequence: t("staff.role_text"),
        confirm: t("staff.change_role"),
        done: t("staff.role_done", { name }),
        isHarmless: true,
        isReady: role !== member.role,
        fields: (
          <Field label={t("staff.role")}>
            <NativeSelect value={role} onChange={(event) => setRole(event.target.value as Schema["Role"])}>
              {ROLES.map((each) => <option key={each} value={each}>{t(`role.${each}`)}</option>)}
            </NativeSelect>
          </Field>
        ),
        run: (reason) => api.PUT("/api/v1/admin/staff/{member_id}", { params: { path: { member_id: member.id } }, body: { role, reason } }),
      }}
    />
  );
}
