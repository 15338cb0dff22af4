import type { Schema } from "@kassa/api";

/** Every role, the mightiest first. */
export const ROLES: Schema["Role"][] = ["owner", "super_admin", "admin", "moderator", "support_agent", "finance_admin", "analyst"];
