import { useTranslation } from "@kassa/i18n";
import { cn } from "@kassa/ui";
import { Logo } from "./Logo";
import { useCan, useMe } from "./me";
import { PageLink, usePath } from "./nav";
import { GROUPS } from "./pages";

/** The navigation: groups of pages that the person may see. */
export function Sidebar({ isInSheet = false }: { isInSheet?: boolean }) {
  const { t } = useTranslation();
  const can = useCan();
  const me = useMe();
  const path = usePath();
  return (
    <nav aria-label={t("shell.navigation")} className="px-3 pb-6">
      {!isInSheet && (
        <PageLink to="/" className="mb-1 flex h-16 items-center gap-2.5 rounded-md px-2 text-[17px] font-semibold tracking-tight">
          <Logo className="size-7" />
          <span className="truncate">{me.organization.name}</span>
        </PageLink>
      )}
      {GROUPS.map((group) => {
        const pages = group.pages.filter((page) => can(...page.needs));
        if (pages.length === 0) return null;
        return (
          <div key={group.name} className="mb-2.5" role="group" aria-labelledby={`group-${group.name}`}>
            <div id={`group-${group.name}`} className={cn("px-2 pb-0.5 text-xs font-medium text-ink-faint", group.name === "overview" && "sr-only")}>{t(`group.${group.name}`)}</div>
            <ul className="grid gap-px">
              {pages.map((page) => {
                const isHere = path === page.path || path.startsWith(`${page.path}/`);
                return (
                  <li key={page.name}>
                    <PageLink
                      to={page.path}
                      aria-current={isHere ? "page" : undefined}
                      className={cn(
                        "flex h-9 items-center gap-2.5 rounded-md px-2 font-medium transition-colors lg:h-[30px]",
                        isHere ? "bg-sheet text-ink shadow-raised max-lg:bg-brand-soft dark:bg-hover" : "text-ink-soft hover:bg-line/60 hover:text-ink",
                      )}
                    >
                      <page.icon className={cn("size-4 shrink-0", isHere ? "text-brand-text" : "text-ink-faint")} />
                      <span className="truncate">{t(`page.${page.name}`)}</span>
                    </PageLink>
                  </li>
                );
              })}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
