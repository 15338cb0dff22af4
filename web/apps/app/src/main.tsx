import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { startTelegram } from "./app/telegram";
import { startI18n } from "./app/i18n";
import "./index.css";

startTelegram();
startI18n();
createRoot(document.getElementById("root")!).render(<App />);

// For the next visit; after the first one, which it would only slow down.
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  addEventListener("load", () => void navigator.serviceWorker.register("/sw.js").catch(() => undefined));
}
