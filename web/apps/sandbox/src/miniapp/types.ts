// Shapes of a launch, of the protocol, and of what the phone shows around a Mini App.

export type Theme = Record<string, string>;

export type Launch = {
  id: string; bot: number; title: string; place: "menu" | "inline" | "keyboard" | "link"; mode: "compact" | "full"; url: string;
  init_data: string; start_param: string; version: string; platform: string; themes: { light: Theme; dark: Theme };
};

/** What the person pressed: a link; a button with this address in a chat; or else the menu button of the bot. */
export type LaunchRequest = { bot?: number; link?: string; chat?: string; message_id?: number; address?: string };

export type Params = Record<string, unknown>;

export type AppEvent = { eventType: string; eventData?: unknown };

export type AppButton = {
  isVisible: boolean; isActive: boolean; isProgressVisible: boolean; hasShine: boolean; text: string; color: string; textColor: string;
};

export type Position = "left" | "right" | "top" | "bottom";

export type PopupButton = { id: string; type: string; text: string };

export type Popup = { title: string; message: string; buttons: PopupButton[]; close: (id?: string) => void };

/** Colours are keys of the theme or of the form #RRGGBB; an empty one means the theme's own. */
export type Host = {
  isReady: boolean; isExpanded: boolean; canReload: boolean; hasBack: boolean; hasSettings: boolean; confirmsClosing: boolean; allowsSwipe: boolean;
  header: string; background: string; bottomBar: string; main: AppButton; secondary: AppButton; position: Position;
};
