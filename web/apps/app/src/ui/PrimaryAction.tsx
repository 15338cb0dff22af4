import { createPortal } from "react-dom";
import { useMainButton, type MainAction } from "../app/telegram";
import { Button } from "./Button";

/** The one thing to do on a screen: Telegram's MainButton inside of it, the same at the bottom of the page elsewhere. */
export function PrimaryAction({ action }: { action: MainAction }) {
  const isTelegrams = useMainButton(action);
  if (isTelegrams) return null;
  return (
    <>
      <div aria-hidden className="h-20" />
      {createPortal(
        <div className="fixed inset-x-0 bottom-[calc(var(--tabs)+var(--safe-bottom))] z-20 bg-linear-to-t from-page via-page/95 to-transparent flex justify-center px-4 pt-6 pb-3 md:bottom-0 md:left-60 md:pb-5">
          <Button className="max-w-xl" isWide isBusy={action.isBusy} disabled={action.isDisabled} onClick={action.onPress}>{action.text}</Button>
        </div>,
        document.body,
      )}
    </>
  );
}
