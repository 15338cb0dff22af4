import { startI18n } from "@kassa/i18n";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import "./index.css";

const texts = { ru: () => import("./texts/ru.json"), en: () => import("./texts/en.json") };

await startI18n(texts);
createRoot(document.getElementById("root")!).render(<StrictMode><App /></StrictMode>);
