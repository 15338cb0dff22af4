import { data, type Got } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Button, Card, Checkbox, cn, Note } from "@kassa/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, Minus } from "lucide-react";
import { Fragment, useState } from "react";
import { api } from "../../app/api";
import { useCan, useMe } from "../../app/me";
import { Ask } from "../../parts/Ask";
import { PageHead } from "../../parts/PageHead";
import { useVerb } from "../../parts/useVerb";

type Matrix = Got<"/api/v1/admin/roles">;
type Role = Matrix["roles"][number]["role"];
type Permission = Matrix["permissions"][number];
type Draft = Partial<Record<Role, Permission[]>>;

/** What each role may do: permissions against roles. The owner's column is fixed. */
export default function Roles() {
  const { t } = useTranslation();
  const roles = useQuery({ queryKey: ["roles"], queryFn: () => data(api.GET("/api/v1/admin/roles", {})) });
  return (
    <>
      <PageHead title={t("page.roles")} description={t("roles.about")} />
      <Ask query={roles} lines={10}>{(matrix) => <Editor matrix={matrix} />}</Ask>
    </>
  );
}

function Editor({ matrix }: { matrix: Matrix }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const mayEdit = useCan()("access.roles.edit");
  const [draft, setDraft] = useState<Draft>({});
  const changed = Object.keys(draft) as Role[];
  const saving = useVerb(async () => {
    let answer = matrix;
    for (const role of changed) answer = await data(api.PUT("/api/v1/admin/roles/{role}", { params: { path: { role } }, body: { permissions: draft[role] ?? [] } }));
    return answer;
  }, t("roles.saved"), (answer) => {
    cache.setQueryData(["roles"], answer);
    setDraft({});
  });
  const allowed = (role: Role) => draft[role] ?? matrix.roles.find((each) => each.role === role)?.permissions ?? [];
  const set = (role: Role, permission: Permission, isOn: boolean) => {
    const next = isOn ? [...allowed(role), permission] : allowed(role).filter((other) => other !== permission);
    setDraft({ ...draft, [role]: next });
  };
  return (
    <>
      <Card isFlush className="overflow-hidden"><Grid matrix={matrix} allowed={allowed} onSet={mayEdit ? set : undefined} /></Card>
      {changed.length > 0 && (
        <div className="animate-rise sticky bottom-4 z-20 mt-4 flex flex-wrap items-center justify-between gap-3 rounded-lg border border-line bg-sheet px-4 py-3 shadow-floating">
          <span>{t("roles.changed", { roles: changed.map((role) => t(`role.${role}`)).join(", ") })}</span>
          <span className="flex gap-2">
            <Button onClick={() => setDraft({})}>{t("roles.discard")}</Button>
            <Button look="primary" isBusy={saving.isPending} onClick={() => saving.mutate()}>{t("action.save")}</Button>
          </span>
        </div>
      )}
      {!mayEdit && <div className="mt-4"><Note>{t("roles.read_only")}</Note></div>}
    </>
  );
}

interface GridProps {
  matrix: Matrix;
  allowed(role: Role): Permission[];
  onSet?(role: Role, permission: Permission, isOn: boolean): void;
}

function Grid({ matrix, allowed, onSet }: GridProps) {
  const { t } = useTranslation();
  const me = useMe();
  const groups = new Map<string, Permission[]>();
  for (const permission of matrix.permissions) {
    const group = permission.split(".")[0] ?? "";
    groups.set(group, [...(groups.get(group) ?? []), permission]);
  }
  return (
    <div className="scroll-quiet overflow-x-auto" tabIndex={0} role="region" aria-label={t("page.roles")}>
      <table className="w-full border-collapse">
        <thead>
          <tr className="border-b border-line">
            <th scope="col" className="sticky left-0 z-10 min-w-44 bg-sheet px-4 py-3 text-left text-[13px] font-medium text-ink-faint sm:min-w-72">{t("roles.permission")}</th>
            {matrix.roles.map(({ role }) => <th key={role} scope="col" className={cn("min-w-24 px-2 py-3 text-center align-bottom text-[13px] leading-tight font-medium", role === me.role ? "text-brand-text" : "text-ink-soft")}>{t(`role.${role}`)}</th>)}
          </tr>
        </thead>
        <tbody>
          {[...groups].map(([group, permissions]) => (
            <Fragment key={group}>
              <tr className="bg-sunken"><th scope="rowgroup" colSpan={matrix.roles.length + 1} className="sticky left-0 px-4 py-1.5 text-left text-xs font-medium text-ink-faint">{t(`permission_group.${group}`, { defaultValue: group })}</th></tr>
              {permissions.map((permission) => {
                const words = t(`permission.${permission}`, { defaultValue: permission });
                return (
                  <tr key={permission} className="border-b border-line last:border-0 hover:bg-hover/60">
                    <th scope="row" className="sticky left-0 z-10 bg-sheet px-4 py-2 text-left font-normal">{words}</th>
                    {matrix.roles.map(({ role, is_fixed }) => {
                      const isOn = allowed(role).includes(permission);
                      const label = `${t(`role.${role}`)}: ${words}`;
                      return (
                        <td key={role} className="px-2 py-2">
                          <span className="flex justify-center">
                            {onSet && !is_fixed ? <Checkbox checked={isOn} onChange={(next) => onSet(role, permission, next)} label={label} /> : isOn ? <Check aria-label={t("roles.yes")} className="size-4 text-good" /> : <Minus aria-label={t("roles.no")} className="size-4 text-line-strong" />}
                          </span>
                        </td>
                      );
                    })}
                  </tr>
                );
              })}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}
