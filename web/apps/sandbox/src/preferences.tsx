// Language and theme: what the browser says until the person chooses.

import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

import { texts, type Key, type Language } from "./texts";

export type Theme = "system" | "light" | "dark";

type Preferences = {
  language: Language; setLanguage: (value: Language) => void;
  theme: Theme; setTheme: (value: Theme) => void;
  isDark: boolean;
  t: (key: Key) => string;
};

const Context = createContext<Preferences | null>(null);

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => {
    const chosen = localStorage.getItem("kassa-sandbox-language") ?? navigator.language.slice(0, 2);
    return chosen === "ru" ? "ru" : "en";
  });
  const [theme, setTheme] = useState<Theme>(() => (localStorage.getItem("kassa-sandbox-theme") as Theme | null) ?? "system");
  const [isDark, setDark] = useState(() => document.documentElement.classList.contains("dark"));

  useEffect(() => {
    document.documentElement.lang = language;
    document.title = `Kassa · ${texts[language].sandbox}`;
  }, [language]);

  useEffect(() => {
    const media = matchMedia("(prefers-color-scheme: dark)");
    const apply = () => {
      const isNowDark = theme === "dark" || (theme === "system" && media.matches);
      document.documentElement.classList.toggle("dark", isNowDark);
      setDark(isNowDark);
    };
    apply();
    media.addEventListener("change", apply);
    return () => media.removeEventListener("change", apply);
  }, [theme]);

  const value = useMemo<Preferences>(() => ({
    language,
    setLanguage: (next) => { localStorage.setItem("kassa-sandbox-language", next); setLanguage(next); },
    theme,
    setTheme: (next) => { localStorage.setItem("kassa-sandbox-theme", next); setTheme(next); },
    isDark,
    t: (key) => texts[language][key],
  }), [language, theme, isDark]);
  return <Context value={value}>{children}</Context>;
}

export function usePreferences(): Preferences {
  const value = useContext(Context);
  if (!value) throw new Error("PreferencesProvider is missing");
  return value;
}
