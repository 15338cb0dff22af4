import { BookOpenText, ListChecks, ScrollText, UserCog } from "lucide-react";
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
    ],
  },
  {
    name: "people",
    pages: [
    ],
  },
  {
    name: "money",
    pages: [
    ],
  },
  {
    name: "product",
    pages: [
    ],
  },
  {
    name: "rules",
    pages: [
    ],
  },
  {
    name: "organization",
    pages: [
      { name: "staff", path: "/staff", icon: UserCog, needs: ["identity.staff.view"], load: () => import("../pages/staff/Staff") },
      { name: "roles", path: "/roles", icon: ListChecks, needs: ["identity.staff.view"], load: () => import("../pages/staff/Roles") },
      { name: "audit", path: "/audit", icon: ScrollText, needs: ["audit.view"], load: () => import("../pages/audit/Audit") },
    ],
  },
  {
    name: "operation",
    pages: [
    ],
  },
];

/** What is reached from the menu of the person, not from the navigation. */
export const PROFILE: Page = { name: "profile", path: "/profile", icon: BookOpenText, needs: [], load: () => import("../pages/profile/Profile") };

export const PAGES: Page[] = [...GROUPS.flatMap((group) => group.pages), PROFILE];
