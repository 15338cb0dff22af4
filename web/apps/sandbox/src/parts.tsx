// Small pieces used everywhere: icons, avatars, dialogs, buttons.

import { useEffect, useRef, type ReactNode } from "react";

import { usePreferences } from "./preferences";

const PATHS: Record<string, string> = {
  send: "M3.4 20.4 21 12 3.4 3.6 3.4 10.2 15 12 3.4 13.8z",
  clip: "M20 11.5l-8.3 8.3a5.4 5.4 0 0 1-7.6-7.6l8.6-8.6a3.6 3.6 0 0 1 5.1 5.1l-8.6 8.6a1.8 1.8 0 0 1-2.6-2.6l7.9-7.8",
  plus: "M12 5v14M5 12h14", close: "M6 6l12 12M18 6L6 18", back: "M15 5l-7 7 7 7", menu: "M4 7h16M4 12h16M4 17h16",
  down: "M6 9l6 6 6-6", reply: "M10 7L4 12l6 5v-3.4c5 0 8 1.2 10 4.4 0-6-3.6-8.6-10-9z",
  copy: "M9 9h10v11H9zM5 15V4h10", keyboard: "M4 7h16v11H4zM7.5 10.5h.01M11 10.5h.01M14.5 10.5h.01M17 10.5h.01M8 14.5h8",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z", list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  outside: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6", file: "M7 3h7l4 4v14H7zM14 3v4h4", stop: "M7 7h10v10H7z",
  sun: "M12 4V2M12 22v-2M4 12H2M22 12h-2M6 6L5 5M19 19l-1-1M6 18l-1 1M19 5l-1 1M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  moon: "M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z", auto: "M4 5h16v11H4zM9 20h6M12 16v4", dots: "M12 6h.01M12 12h.01M12 18h.01",
  app: "M5 5h5.5v5.5H5zM13.5 5H19v5.5h-5.5zM5 13.5h5.5V19H5zM13.5 13.5H19V19h-5.5z",
  check: "M5 12.5l4.5 4.5L19 7.5", lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3", play: "M8 5.5v13l10.5-6.5z",
  group: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.3M18 14.5c2 .8 3.200 2.700 3.500 5.500",
};

const FILLED = new Set(["send", "reply", "stop", "play", "bolt"]);

export function Icon({ name, size = 20, className = "" }: { name: string; size?: number; className?: string }) {
  const isFilled = FILLED.has(name);
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden className={`shrink-0 ${className}`} fill={isFilled ? "currentColor" : "none"}
      stroke={isFilled ? "none" : "currentColor"} strokeWidth="1.9" strokeLinecap="round" strokeLinejoin="round">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function IconButton({ icon, label, onClick, className = "", size = 20 }: {
  icon: string; label: string; onClick: () => void; className?: string; size?: number;
}) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick}
      className={`grid size-9 shrink-0 place-items-center rounded-full text-ink-soft transition-colors hover:bg-ink/8 hover:text-ink ${className}`}>
      <Icon name={icon} size={size} />
    </button>
  );
}

const COLORS = ["#d9606c", "#d98a3d", "#8a76d8", "#4fa55a", "#3aa3ad", "#4389d6", "#d0629b"];

export function colorOf(id: number): string {
  return COLORS[Math.abs(id) % COLORS.length]!;
}

export function Avatar({ name, color, size = 44, icon }: { name: string; color: string; size?: number; icon?: string }) {
  const letters = name.trim().split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();
  return (
    <span aria-hidden className="grid shrink-0 place-items-center rounded-full font-semibold text-white select-none"
      style={{ width: size, height: size, fontSize: size * 0.38, background: `linear-gradient(160deg, color-mix(in srgb, ${color} 78%, white), ${color})` }}>
      {icon ? <Icon name={icon} size={size * 0.5} /> : letters}
    </span>
  );
}

export function Modal({ title, children, onClose }: { title: string; children: ReactNode; onClose: () => void }) {
  const { t } = usePreferences();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} onClick={(event) => event.target === dialog.current && onClose()} aria-label={title}
      className="m-auto w-[min(26rem,calc(100vw-2rem))] rounded-3xl bg-panel p-0 text-ink shadow-2xl">
      <div className="p-5">
        <div className="mb-4 flex items-center justify-between">
          <h2 className="text-lg font-semibold">{title}</h2>
          <IconButton icon="close" label={t("close")} onClick={onClose} className="-mr-2" />
        </div>
        {children}
      </div>
    </dialog>
  );
}

export function Primary({ children, type = "submit", onClick, disabled }: {
  children: ReactNode; type?: "submit" | "button"; onClick?: () => void; disabled?: boolean;
}) {
  return (
    <button type={type} onClick={onClick} disabled={disabled}
      className="rounded-xl bg-accent px-4 py-2.5 text-[15px] font-semibold text-white transition-[filter,opacity] hover:brightness-108 disabled:opacity-50 dark:text-[#08121d]">
      {children}
    </button>
  );
}

export function Labelled({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <label className="block">
      <span className="mb-1 block text-[13px] font-medium text-ink-soft">{label}</span>
      {children}
      {hint && <span className="mt-1 block text-xs text-ink-faint">{hint}</span>}
    </label>
  );
}

export function Switch({ checked, onChange, label }: { checked: boolean; onChange: (value: boolean) => void; label: string }) {
  return (
    <button type="button" role="switch" aria-checked={checked} aria-label={label} onClick={() => onChange(!checked)}
      className={`relative h-6 w-10 shrink-0 rounded-full transition-colors ${checked ? "bg-danger" : "bg-ink-faint/45"}`}>
      <span className={`absolute top-0.5 left-0.5 size-5 rounded-full bg-white shadow transition-transform ${checked ? "translate-x-4" : ""}`} />
    </button>
  );
}
