import { useState } from "react";
import { AcceptInvitation } from "./AcceptInvitation";
import { ForgottenPassword } from "./ForgottenPassword";
import { NewPassword } from "./NewPassword";
import { SignIn } from "./SignIn";

/** What is shown to nobody in particular: signing in, and the pages that links of our mail lead to. */
export function SignedOut() {
  const [place, setPlace] = useState(() => location.pathname.replace(/^\/admin\/?/, ""));
  const token = new URLSearchParams(location.search).get("token") ?? "";
  const leave = () => {
    history.replaceState(null, "", "/admin/");
    setPlace("");
  };
  if (place === "invitation" && token) return <AcceptInvitation token={token} />;
  if (place === "reset" && token) return <NewPassword token={token} onDone={leave} />;
  if (place === "forgotten") return <ForgottenPassword onBack={() => setPlace("")} />;
  return <SignIn onForgotten={() => setPlace("forgotten")} />;
}
