// Shapes of the control API and of the parts of the Bot API that the phone shows.

export type Person = {
  id: number; first_name: string; last_name: string; username: string; language_code: string; color: string;
  is_premium: boolean; is_deactivated: boolean; stars: number;
};

export type Command = { command: string; description: string };

export type Bot = {
  id: number; token: string; name: string; username: string; privacy: boolean;
  texts: Record<string, string>; commands: Record<string, Command[]>; menu_buttons: Record<string, MenuButton>;
  main_app: string; apps: Record<string, string>; webhook_url: string; webhook_error: string; pending_update_count: number;
};

export type MenuButton = { type: string; text?: string; web_app?: { url: string } };

export type Chat = {
  key: string; id: number; type: "private" | "group" | "supergroup" | "channel"; title: string;
  bot_id: number | null; person_id: number | null; blocked: boolean; members: { id: number; status: string }[];
  join_requests: number[]; invite_links: string[]; migrated_to: number | null; pinned: number[];
  keyboard: ReplyMarkup | null; last_message: Message | null; is_empty: boolean;
};

export type User = { id: number; is_bot: boolean; first_name: string; last_name?: string; username?: string };

export type Entity = {
  type: string; offset: number; length: number; url?: string; user?: User; language?: string;
};

export type InlineButton = {
  text: string; url?: string; callback_data?: string; web_app?: { url: string }; copy_text?: { text: string };
  pay?: boolean; style?: string; disabled?: object; switch_inline_query_current_chat?: string; login_url?: { url: string };
};

export type ReplyMarkup = {
  keyboard?: { text: string; web_app?: { url: string }; style?: string }[][]; is_persistent?: boolean; resize_keyboard?: boolean;
  one_time_keyboard?: boolean; input_field_placeholder?: string; force_reply?: boolean; message_id?: number;
};

export type FileFacts = {
  file_id: string; file_name?: string; mime_type?: string; file_size?: number; width?: number; height?: number;
  duration?: number; title?: string; performer?: string;
};

export type RichText = string | RichText[] | {
  type: string; text?: RichText; url?: string; expression?: string; alternative_text?: string; button?: RichButton;
  name?: string; anchor_name?: string; email_address?: string; phone_number?: string; username?: string;
};

export type RichButton = Omit<InlineButton, "text"> & { text: RichText };

export type Cell = { text?: RichText; is_header?: boolean; colspan?: number; rowspan?: number; align: string; valign: string };

export type ListItem = { label: string; blocks: Block[]; has_checkbox?: boolean; is_checked?: boolean };

export type Block = {
  type: string; text?: RichText; size?: number; language?: string; expression?: string; items?: ListItem[];
  blocks?: Block[]; credit?: RichText; cells?: Cell[][]; is_bordered?: boolean; is_striped?: boolean;
  is_compact?: boolean; summary?: RichText; is_open?: boolean; buttons?: RichButton[]; align?: string; name?: string;
  photo?: FileFacts[]; video?: FileFacts; audio?: FileFacts; document?: FileFacts; animation?: FileFacts;
  voice_note?: FileFacts; caption?: RichText | { text: RichText; credit?: RichText };
};

export type RichMessage = { blocks: Block[]; is_rtl?: boolean };

export type Message = {
  message_id: number; from?: User; chat: { id: number; type: string; title?: string }; date: number; edit_date?: number;
  text?: string; entities?: Entity[]; caption?: string; caption_entities?: Entity[]; rich_message?: RichMessage;
  reply_to_message?: Message; reply_markup?: { inline_keyboard: InlineButton[][] }; quote?: { text: string };
  photo?: FileFacts[]; document?: FileFacts; voice?: FileFacts; video?: FileFacts; audio?: FileFacts;
  animation?: FileFacts; video_note?: FileFacts; sticker?: FileFacts; forward_origin?: { sender_user?: User; chat?: { title?: string } };
  invoice?: { title: string; description: string; total_amount: number; currency: string };
  successful_payment?: { total_amount: number; currency: string };
  refunded_payment?: { total_amount: number; currency: string };
  new_chat_members?: User[]; left_chat_member?: User; migrate_to_chat_id?: number; migrate_from_chat_id?: number;
  pinned_message?: Message; new_chat_title?: string; has_protected_content?: boolean;
  connected_website?: string; write_access_allowed?: object; web_app_data?: { data: string; button_text: string };
  reactions?: Record<string, string>;
};

export type Draft = {
  draft_id: number; can_stop: boolean; text?: string; entities?: Entity[]; rich_message?: RichMessage;
};

export type Fault = {
  id: number; target: string; kind: string; match: string; times: number | null; options: Record<string, unknown>;
};

export type RequestEntry = {
  id: number; at: string; bot: number; method: string; params: Record<string, unknown>; took_ms: number; fault: string;
  answer: { ok: boolean; result?: unknown; error_code?: number; description?: string };
};

/** What a Mini App asked the phone for, and the events it got. */
export type AppCall = {
  id: number; at: string; launch: string; bot: number; person: number; method: string; params: Record<string, unknown>;
  answers: { eventType: string; eventData?: unknown }[];
};

export type Answer = { text: string; show_alert: boolean; url: string };

export type SandboxEvent =
  | { type: "message"; chat: string; message: Message; keyboard: ReplyMarkup | null }
  | { type: "edit"; chat: string; message: Message }
  | { type: "delete"; chat: string; message_ids: number[]; keyboard: ReplyMarkup | null }
  | { type: "draft"; chat: string; draft: Draft | null }
  | { type: "action"; chat: string; bot: number; action: string }
  | { type: "callback_answer"; chat: string; query: string; answer: Answer }
  | { type: "payment"; chat: string; query: string; answer: { ok: boolean; error: string } }
  | { type: "reaction"; chat: string; message_id: number; by: number; reaction: { emoji?: string }[] }
  | { type: "request"; request: RequestEntry }
  | { type: "app_call"; call: AppCall }
  | { type: "members" | "chat"; chat: string }
  | { type: "people" | "faults" }
  | { type: "bot"; bot: number };
