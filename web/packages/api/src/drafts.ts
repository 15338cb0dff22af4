/* Shapes agreed on whose routes are on their way; an entry leaves when the generated types have it. */

interface Json<T> { content: { "application/json": T } }
interface Ok<T> { headers: Record<string, unknown>; content: { "application/json": T } }
type Query = Record<string, string | number | boolean | undefined>;
interface Params { query?: Query; header?: Record<string, string>; path?: never; cookie?: never }
interface Get<T, P = Params> { parameters: P; requestBody?: never; responses: { 200: Ok<T> } }
interface Send<B, T, P = Params> { parameters: P; requestBody: Json<B>; responses: { 200: Ok<T> } }
interface List<T> { items: T[]; next_cursor: string | null }
interface Listed<T> { parameters: Params; get: Get<List<T>> }

export interface Money { units: number; asset: string }
export interface Reason { reason: string }

export interface Me {
  id: string; name: string; email: string; role: string; permissions: string[];
  organization: { id: string; name: string; locale: string };
  organizations: { id: string; name: string }[];
}
export interface CustomerRow {
  id: string; number: number; name: string; username: string | null; email: string | null; telegram_id: number | null;
  status: string; level: string | null; locale: string | null; tokens: number; spent: Money[]; orders: number;
  created_at: string; seen_at: string | null;
}
export interface Grant { id: string; amount: number; remaining: number; source: string; expires_at: string | null }
export interface CustomerCard extends CustomerRow {
  ban: { reason: string; at: string; until: string | null } | null;
  balances: { asset: string; available: number; held: number; grants: Grant[] }[];
  entitlements: { kind: string; plan: string; model: string | null; ends_at: string }[];
  identities: { kind: string; value: string; verified_at: string | null; created_at: string }[];
  sessions: { id: string; device: string; ip: string; created_at: string; used_at: string; is_current: boolean }[];
  notes: { id: string; text: string; author: string; created_at: string }[];
}
export interface Activity { id: string; at: string; kind: string; text: string; actor: string | null; facts: Record<string, unknown> }
export interface OrderRow {
  id: string; number: number; plan: string; status: string; amount: Money;
  customer: { id: string; number: number; name: string }; provider: string; created_at: string; paid_at: string | null;
}
export interface PaymentRow {
  id: string; order_id: string; order_number: number; provider: string; provider_ref: string | null; status: string;
  amount: Money; refunded: Money; is_test: boolean; reason: string; plan: string;
  customer: { id: string; number: number; name: string }; created_at: string; settled_at: string | null;
}
export interface RefundRow {
  id: string; status: string; amount: Money; tokens_taken: number; reason: string; failure: string;
  actor: string | null; created_at: string; settled_at: string | null;
}
export interface PaymentEvent { id: string; kind: string; state: string; received_at: string; handled_at: string | null; payload: Record<string, unknown> }
export interface PaymentCard extends PaymentRow { income: Money | null; refunds: RefundRow[]; events: PaymentEvent[]; refundable: Money }
export interface ReviewRow {
  id: string; kind: string; facts: Record<string, unknown>; payment_id: string;
  customer: { id: string; number: number; name: string } | null; created_at: string; resolved_at: string | null; resolution: string | null;
}
export interface PlanTerms {
  kind: string; names: Record<string, string>; prices: Record<string, number>; tokens: number | null; days: number | null;
  light_model: string | null; trial_days: number; [more: string]: unknown;
}
export interface PlanRow { id: string; slug: string; name: string; position: number; is_active: boolean; version: number; terms: PlanTerms; sold: number }
export interface PlanVersion { version: number; terms: PlanTerms; created_at: string }
export interface Stats {
  days: number;
  totals: Record<string, number>;
  before: Record<string, number>;
  revenue: Money[];
  series: { day: string; [name: string]: number | string }[];
  by_plan: { plan: string; orders: number; revenue: Money[] }[];
  by_model: { model: string; requests: number; tokens: number; cost: Money[] }[];
}
export interface DialogRow {
  id: string; customer: { id: string; number: number; name: string }; model: string; status: string; tokens: number;
  cost: Money | null; question: string | null; answer: string | null; latency_ms: number | null; error: string | null; created_at: string;
}
export interface StaffRow {
  id: string; name: string; email: string; role: string; status: string; has_totp: boolean; seen_at: string | null; created_at: string;
}
export interface RoleRow { name: string; permissions: string[]; is_fixed: boolean; members: number }
export interface RolesAnswer { items: RoleRow[]; next_cursor: string | null; permissions: { name: string; group: string }[] }
export interface Invitation { id: string; email: string; role: string; expires_at: string; created_at: string }
export interface AuditRow {
  id: string; at: string; actor: { id: string; name: string; kind: string }; action: string; subject_kind: string; subject_id: string;
  before: Record<string, unknown> | null; after: Record<string, unknown> | null; reason: string; ip: string;
}
export interface FileRow {
  id: string; name: string; mime: string; size: number; state: string; kind: string; customer: { id: string; number: number; name: string } | null;
  expires_at: string | null; created_at: string; url: string | null;
}
export interface Health { status: string; [dependency: string]: unknown }
export interface LedgerCheck { name: string; is_ok: boolean; findings: string[]; checked_at: string | null }
export interface JobRow { id: string; name: string; state: string; attempts: number; payload: Record<string, unknown>; error: string; created_at: string; run_at: string }
export interface InboxRow { id: string; provider: string; event_id: string; kind: string; subject: string; state: string; remote_ip: string; payload: Record<string, unknown>; received_at: string; handled_at: string | null }
export interface SettingRow { key: string; value: string; is_secret: boolean; is_default: boolean; help: string }

interface CustomerParams { query?: Query; header?: Record<string, string>; path: { customer_id: string }; cookie?: never }
interface CustomerVerb<B, T = unknown> { parameters: CustomerParams; post: Send<B, T, CustomerParams> }

export interface Account {
  balances: { asset: string; available: number; held: number; grants: { amount: number; remaining: number; source: string; expires_at: string | null }[] }[];
  entitlements: { kind: string; plan: string; model: string | null; ends_at: string }[];
}
export interface BanState { reason: string; created_at: string; until: string | null; by: string }

export interface Drafts {
  "/api/v1/admin/customers/{customer_id}/ban": { parameters: CustomerParams; get: Get<BanState | null, CustomerParams>; post: Send<Reason, unknown, CustomerParams> };
  "/api/v1/admin/customers/{customer_id}/unban": CustomerVerb<Reason>;
  "/api/v1/admin/customers/{customer_id}/erase": CustomerVerb<Reason>;
  "/api/v1/admin/files": Listed<FileRow>;
}
