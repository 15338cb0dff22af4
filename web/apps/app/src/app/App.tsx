import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Toaster } from "../ui/toast";
import { Door } from "../pages/signin/Door";
import { EnterByTelegram } from "../pages/signin/EnterByTelegram";
import { Routes } from "./Routes";
import { queries, useIsSignedIn } from "./session";
import { Shell } from "./Shell";
import { launch } from "./telegram";

const TelegramAnswer = lazy(() => import("../pages/signin/TelegramAnswer"));

export function App() {
  const isSignedIn = useIsSignedIn();
  const [isBack, setBack] = useState(location.hash.startsWith("#tgAuthResult="));
  return (
    <QueryClientProvider client={queries}>
      {isBack ? <Suspense><TelegramAnswer onDone={() => setBack(false)} /></Suspense> : isSignedIn ? <Shell><Routes /></Shell> : launch ? <EnterByTelegram /> : <Door />}
      <Toaster />
    </QueryClientProvider>
  );
}
