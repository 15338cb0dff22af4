import { lazy, Suspense } from "react";
import { Redirect, Route, Switch, useSearch } from "wouter";
import { Skeleton } from "../../ui/States";
import { SignIn } from "./SignIn";
import { Welcome } from "./Welcome";

const Register = lazy(() => import("./Register"));
const Forgotten = lazy(() => import("./Forgotten"));
const Reset = lazy(() => import("./Reset"));
const Verify = lazy(() => import("./Verify"));

/** Everything there is for who is not signed in. Whatever else was asked for is there after signing in. */
export function Door() {
  const search = useSearch();
  return (
    <main className="mx-auto grid min-h-dvh max-w-md grid-cols-[minmax(0,1fr)] content-center gap-6 px-4 py-10">
      <Suspense fallback={<Skeleton rows={4} />}>
        <Switch>
          <Route path="/" component={Welcome} />
          <Route path="/login" component={SignIn} />
          <Route path="/register" component={Register} />
          <Route path="/forgotten" component={Forgotten} />
          <Route path="/reset" component={Reset} />
          <Route path="/verify" component={Verify} />
          <Route>{() => <Redirect to={`/login?next=${encodeURIComponent(location.pathname + (search ? `?${search}` : ""))}`} replace />}</Route>
        </Switch>
      </Suspense>
    </main>
  );
}
