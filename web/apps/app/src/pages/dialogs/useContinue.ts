import { useLocation } from "wouter";
import { useI18n } from "../../app/i18n";
import { toast } from "../../ui/toast";
import { problemText } from "../chat/refusals";
import { turnTo, type Dialog } from "../chat/state";

/** Go on with a dialog: the next question belongs to it. */
export function useContinue() {
  const { t } = useI18n();
  const [, go] = useLocation();
  return async (dialog: Pick<Dialog, "id" | "title">) => {
    try {
      await turnTo({ dialog_id: dialog.id });
      go("/chat");
      toast(t("dialogs.continued", { title: dialog.title || t("dialogs.untitled") }));
    } catch (error) {
      toast(problemText(error), true);
    }
  };
}
