import {
  Activity, BadgeDollarSign, BookOpenText, Bot, Boxes, FileText, Flag, FolderOpen, HeartPulse, Inbox, KeyRound, LayoutDashboard, ListChecks, MessagesSquare, Route, Scale, ScrollText, Settings, ShieldCheck, SquareStack, TriangleAlert, UserCog, Users,
} from "lucide-react";
import type { ComponentType } from "react";
import type { Permission } from "./me";

type Load = () => Promise<{ default: ComponentType }>;

interface Below {
  path: string;
  load: Load;
}

export interface Page extends Below {
  /** Its words are `page.<name>`. */
  name: string;
  icon: ComponentType<{ className?: string }>;
  /** Who may see it: whoever has one of these; everybody when there are none. */
  needs: Permission[];
  /** Pages about one thing of the list. */
  below?: Below[];
}

export interface Group {
  /** Its words are `group.<name>`. */
  name: string;
  pages: Page[];
}

/** Every page of the panel: the navigation, the command palette and the routes are made from this list. */
export const GROUPS: Group[] = [
  {
    name: "overview",
    pages: [
      { name: "dashboard", path: "/dashboard", icon: LayoutDashboard, needs: ["usage.dashboard.view"], load: () => import("../pages/dashboard/Dashboard") },
    ],
  },
  {
    name: "people",
    pages: [
      { name: "customers", path: "/customers", icon: Users, needs: ["identity.customers.view"], load: () => import("../pages/customers/Customers"),
        below: [{ path: "/customers/$id", load: () => import("../pages/customers/Customer") }] },
      { name: "dialogs", path: "/dialogs", icon: MessagesSquare, needs: ["ai_access.dialogs.view"], load: () => import("../pages/dialogs/Dialogs") },
      { name: "files", path: "/files", icon: FolderOpen, needs: ["files.view"], load: () => import("../pages/files/Files") },
    ],
  },
  {
    name: "money",
    pages: [
      { name: "payments", path: "/payments", icon: BadgeDollarSign, needs: ["billing.payments.view"], load: () => import("../pages/money/Payments"),
        below: [{ path: "/payments/$id", load: () => import("../pages/money/Payment") }] },
      { name: "reviews", path: "/reviews", icon: TriangleAlert, needs: ["billing.payments.view"], load: () => import("../pages/money/Reviews") },
      { name: "plans", path: "/plans", icon: SquareStack, needs: ["billing.plans.edit"], load: () => import("../pages/plans/Plans"),
        below: [{ path: "/plans/$id", load: () => import("../pages/plans/Plan") }] },
      { name: "ledger", path: "/ledger", icon: Scale, needs: ["ledger.check"], load: () => import("../pages/operation/Ledger") },
    ],
  },
  {
    name: "product",
    pages: [
      { name: "bots", path: "/bots", icon: Bot, needs: ["channels.bots.edit"], load: () => import("../pages/bots/Bots") },
      { name: "texts", path: "/texts", icon: FileText, needs: ["i18n.texts.edit"], load: () => import("../pages/bots/Texts") },
      { name: "models", path: "/models", icon: Boxes, needs: ["ai.view"], load: () => import("../pages/ai/Models"),
        below: [{ path: "/models/$id", load: () => import("../pages/ai/Model") }] },
      { name: "routes", path: "/routes", icon: Route, needs: ["ai.view"], load: () => import("../pages/ai/Routes") },
      { name: "keys", path: "/keys", icon: KeyRound, needs: ["ai.view"], load: () => import("../pages/ai/Keys") },
    ],
  },
  {
    name: "rules",
    pages: [
      { name: "policies", path: "/policies", icon: ShieldCheck, needs: ["policies.view"], load: () => import("../pages/policies/Policies") },
      { name: "blocks", path: "/blocks", icon: ListChecks, needs: ["policies.view"], load: () => import("../pages/policies/Blocks") },
      { name: "flags", path: "/flags", icon: Flag, needs: ["policies.view"], load: () => import("../pages/policies/Flags") },
    ],
  },
  {
    name: "organization",
    pages: [
      { name: "staff", path: "/staff", icon: UserCog, needs: ["identity.staff.view"], load: () => import("../pages/staff/Staff") },
      { name: "roles", path: "/roles", icon: ListChecks, needs: ["identity.staff.view"], load: () => import("../pages/staff/Roles") },
      { name: "audit", path: "/audit", icon: ScrollText, needs: ["audit.view"], load: () => import("../pages/audit/Audit") },
      { name: "settings", path: "/settings", icon: Settings, needs: ["settings.view"], load: () => import("../pages/settings/Settings") },
    ],
  },
  {
    name: "operation",
    pages: [
      { name: "health", path: "/health", icon: HeartPulse, needs: ["operations.view"], load: () => import("../pages/operation/Health") },
      { name: "jobs", path: "/jobs", icon: Activity, needs: ["operations.view"], load: () => import("../pages/operation/Jobs") },
      { name: "inbox", path: "/inbox", icon: Inbox, needs: ["operations.view"], load: () => import("../pages/operation/Inbox") },
    ],
  },
];

/** What is reached from the menu of the person, not from the navigation. */
export const PROFILE: Page = { name: "profile", path: "/profile", icon: BookOpenText, needs: [], load: () => import("../pages/profile/Profile") };

export const PAGES: Page[] = [...GROUPS.flatMap((group) => group.pages), PROFILE];
