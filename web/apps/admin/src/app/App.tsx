import { TooltipProvider, Toaster } from "@kassa/ui";
import { useTranslation } from "@kassa/i18n";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useSyncExternalStore } from "react";
import { SignedOut } from "../signin/SignedOut";
import { queries, session } from "./api";
import { router } from "./router";
import { useTheme } from "./theme";

/** The panel, or the sign-in before it. */
export function App() {
  const { t } = useTranslation();
  const isSignedIn = useSyncExternalStore(session.subscribe, () => session.isSignedIn);
  const { isDark } = useTheme();
  useEffect(() => {
    if (!isSignedIn) queries.clear(); // nothing of one person is shown to the next
  }, [isSignedIn]);
  return (
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        {isSignedIn ? <RouterProvider router={router} /> : <SignedOut />}
        <Toaster isDark={isDark} label={t("shell.notices")} />
      </TooltipProvider>
    </QueryClientProvider>
  );
}
