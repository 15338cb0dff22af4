// MainButton and SecondaryButton: below the app, in the colours that it asks for.

import { inkOn, isShown, shade } from "./host";
import type { AppButton, Host, Theme } from "./types";

export function BottomBar({ host, theme, onPress }: { host: Host; theme: Theme; onPress: (event: string) => void }) {
  const buttons = [
    { name: "main", button: host.main, color: "button_color", ink: "button_text_color" },
    { name: "secondary", button: host.secondary, color: "bottom_bar_bg_color", ink: "button_color" },
  ].filter(({ button }) => isShown(button));
  if (buttons.length === 0) return null;
  const isFirst = host.position === "left" || host.position === "top";
  const shown = isFirst ? buttons.reverse() : buttons;
  const isColumn = host.position === "top" || host.position === "bottom";
  return (
    <div className={`flex shrink-0 gap-2 px-3 pt-2 pb-[max(0.625rem,env(safe-area-inset-bottom))] lg:pb-1 ${isColumn ? "flex-col" : ""}`}
      style={{ background: shade(host.bottomBar, theme, "bottom_bar_bg_color") }}>
      {shown.map(({ name, button, color, ink }) => (
        <Wide key={name} button={button} background={shade(button.color, theme, color)} ink={shade(button.textColor, theme, ink)}
          onPress={() => onPress(`${name}_button_pressed`)} />
      ))}
    </div>
  );
}

function Wide({ button, background, ink, onPress }: { button: AppButton; background: string; ink: string; onPress: () => void }) {
  return (
    <button type="button" disabled={!button.isActive} aria-busy={button.isProgressVisible} onClick={onPress} style={{ background, color: ink, outlineColor: inkOn(background) }}
      className={`relative min-h-[46px] w-full min-w-0 flex-1 overflow-hidden rounded-[13px] px-4 text-[16px] font-semibold transition-[filter,transform,opacity] active:scale-[0.99] enabled:hover:brightness-105 disabled:opacity-55 ${button.hasShine ? "shine" : ""}`}>
      <span className={`block truncate ${button.isProgressVisible ? "opacity-0" : ""}`}>{button.text}</span>
      {button.isProgressVisible && <span role="status" className="absolute inset-0 grid place-items-center"><span className="spinner size-5" /></span>}
    </button>
  );
}
