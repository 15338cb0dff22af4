import { Toaster as Sonner } from "sonner";

/** Where short messages appear; put once into the application. */
export function Toaster({ isDark, label }: { isDark: boolean; label: string }) {
  return (
    <Sonner
      theme={isDark ? "dark" : "light"}
      position="bottom-right"
      containerAriaLabel={label}
      toastOptions={{
        classNames: {
          toast: "!bg-sheet !text-ink !border-line !shadow-floating !rounded-lg !font-sans",
          description: "!text-ink-soft",
          success: "[&_[data-icon]]:!text-good",
          error: "[&_[data-icon]]:!text-bad",
        },
      }}
    />
  );
}
