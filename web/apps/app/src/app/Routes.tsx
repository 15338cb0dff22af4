import { Component, lazy, Suspense, type ReactNode } from "react";
import { Compass, RotateCw } from "lucide-react";
import { Route, Switch, useLocation } from "wouter";
import { Home } from "../pages/home/Home";
import { Button } from "../ui/Button";
import { Empty, Skeleton } from "../ui/States";
import { useI18n } from "./i18n";
import { Screen } from "./Screen";

// Each of these comes when it is asked for: the first screen waits for none of them.
const Chat = lazy(() => import("../pages/chat/Chat"));
const Dialogs = lazy(() => import("../pages/dialogs/Dialogs"));
const Dialog = lazy(() => import("../pages/dialogs/Dialog"));
const Plans = lazy(() => import("../pages/plans/Plans"));
const Plan = lazy(() => import("../pages/plans/Plan"));
const Orders = lazy(() => import("../pages/orders/Orders"));
const Order = lazy(() => import("../pages/orders/Order"));
const Usage = lazy(() => import("../pages/usage/Usage"));
const Profile = lazy(() => import("../pages/profile/Profile"));
const Sessions = lazy(() => import("../pages/profile/Sessions"));
const Keys = lazy(() => import("../pages/profile/Keys"));
const Account = lazy(() => import("../pages/profile/Account"));
const Levels = lazy(() => import("../pages/profile/Levels"));
const Verify = lazy(() => import("../pages/signin/Verify"));

export function Routes() {
  return (
    <Stale>
      <Suspense fallback={<Screen><Skeleton className="h-40" /><Skeleton rows={3} /></Screen>}>
        <Switch>
          <Route path="/" component={Home} />
          <Route path="/chat" component={Chat} />
          <Route path="/dialogs" component={Dialogs} />
          <Route path="/dialogs/:id">{({ id }) => <Dialog id={id} />}</Route>
          <Route path="/plans" component={Plans} />
          <Route path="/plans/:slug">{({ slug }) => <Plan slug={slug} />}</Route>
          <Route path="/orders" component={Orders} />
          <Route path="/orders/:id">{({ id }) => <Order id={id} />}</Route>
          <Route path="/usage" component={Usage} />
          <Route path="/profile" component={Profile} />
          <Route path="/profile/account" component={Account} />
          <Route path="/profile/sessions" component={Sessions} />
          <Route path="/profile/keys" component={Keys} />
          <Route path="/profile/levels" component={Levels} />
          <Route path="/verify" component={Verify} />
          <Route component={Nowhere} />
        </Switch>
      </Suspense>
    </Stale>
  );
}

/** An address that leads nowhere. */
function Nowhere() {
  const { t } = useI18n();
  const [, go] = useLocation();
  return (
    <Screen>
      <Empty icon={<Compass />} title={t("state.nowhere")} action={<Button onClick={() => go("/")}>{t("state.to_start")}</Button>}>{t("state.nowhere_hint")}</Empty>
    </Screen>
  );
}

/** A part of an older version is gone after an update: the page has to be loaded anew. A bug looks the same, and is told the same. */
class Stale extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  render() {
    return this.state.isBroken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useI18n();
  return (
    <Screen>
      <Empty icon={<RotateCw />} title={t("state.broken")} action={<Button onClick={() => location.reload()}>{t("action.reload")}</Button>}>{t("state.broken_hint")}</Empty>
    </Screen>
  );
}
