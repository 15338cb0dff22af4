// The browser inside the phone: checkout pages and Mini Apps.

import { useEffect, useState } from "react";

import { IconButton } from "../parts";
import { usePreferences } from "../preferences";
import { useSandbox } from "../sandbox";

export function Browser() {
  const { t } = usePreferences();
  const { browser, setBrowser, follow } = useSandbox();
  const [isLoading, setLoading] = useState(true);
  const [title, setTitle] = useState("");
  useEffect(() => { setLoading(true); setTitle(""); }, [browser?.url]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && setBrowser(null);
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [setBrowser]);
  if (!browser) return null;

  const onLoad = (frame: HTMLIFrameElement) => {
    setLoading(false);
    // A page of our own origin may have gone to a t.me link by itself; another origin cannot be read, and need not be.
    try {
      const address = frame.contentWindow?.location.href ?? "";
      if (/^https?:\/\/t\.me\//.test(address)) follow(address);
      setTitle(frame.contentDocument?.title ?? "");
    } catch {
      return;
    }
  };
  return (
    <div role="dialog" aria-modal="true" aria-label={browser.title} className="absolute inset-0 z-30 flex animate-rise flex-col bg-panel">
      <header className="flex h-[58px] shrink-0 items-center gap-1 border-b border-line px-2">
        <IconButton icon="close" label={t("close")} onClick={() => setBrowser(null)} />
        <div className="min-w-0 flex-1 text-center">
          <div className="truncate text-[15px] leading-tight font-semibold">{title || browser.title}</div>
          <div className="truncate text-xs text-ink-faint">{browser.url.split("#")[0]?.replace(/^https?:\/\//, "")}</div>
        </div>
        <IconButton icon="outside" label={t("openOutside")} onClick={() => window.open(browser.url, "_blank", "noopener")} />
      </header>
      {isLoading && <div className="absolute inset-x-0 top-[58px] h-0.5 animate-pulse bg-accent" />}
      <iframe key={browser.url} src={browser.url} title={browser.title} onLoad={(event) => onLoad(event.currentTarget)} className="min-h-0 w-full flex-1 bg-white" />
    </div>
  );
}
