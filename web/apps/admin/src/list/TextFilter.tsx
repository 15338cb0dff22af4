import { useTranslation } from "@kassa/i18n";
import { Button, Field, Input, Popover } from "@kassa/ui";
import { useState, type FormEvent } from "react";
import { FilterButton } from "./FilterBar";

/** An exact value that is typed: an id, an address. */
export function TextFilter({ label, placeholder, value, onChange }: { label: string; placeholder?: string; value?: string; onChange(value: string | undefined): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(text.trim() || undefined);
  };
  return (
    <Popover label={label} trigger={<FilterButton label={label} chosen={value} />}>
      <form onSubmit={submit} className="grid gap-3">
        <Field label={label}><Input value={text} placeholder={placeholder} onChange={(event) => setText(event.target.value)} /></Field>
        <Button type="submit" look="primary">{t("list.apply")}</Button>
      </form>
    </Popover>
  );
}
