import { data, type Schema } from "@kassa/api";
import { useTranslation } from "@kassa/i18n";
import { Button, Dialog, Field, Input, NativeSelect, Textarea } from "@kassa/ui";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../../app/api";
import { useVerb } from "../../parts/useVerb";
import type { RouteRow } from "./Route";

const DRIVERS = ["openai_chat", "openai_responses", "anthropic", "gemini", "openai_images", "openai_audio", "gemini_images", "multipart_tool", "queue_fal", "queue_replicate", "queue_kie", "kling", "luma", "minimax", "gemini_interactions", "suno", "mj_proxy"];

/** Adds a way to buy a model, or changes one's order and cost. */
export function RouteDialog({ route, onClose }: { route: RouteRow | null; onClose(): void }) {
  const { t } = useTranslation();
  const models = useQuery({ queryKey: ["models"], queryFn: () => data(api.GET("/api/v1/admin/ai/models", {})), enabled: !route });
  const endpoints = useQuery({ queryKey: ["endpoints"], queryFn: () => data(api.GET("/api/v1/admin/ai/endpoints", {})), enabled: !route });
  const [cost, setCost] = useState(JSON.stringify(route?.cost ?? {}, null, 2));
  const [isWrong, setWrong] = useState(false);
  const saving = useVerb(async (values: Record<string, string>) => {
    const common = { priority: Number(values.priority), weight: Number(values.weight), cost: JSON.parse(cost) as Record<string, unknown> };
    if (route) return void (await api.PUT("/api/v1/admin/ai/routes/{route_id}", { params: { path: { route_id: route.id } }, body: common }));
    await api.POST("/api/v1/admin/ai/routes", { body: { ...(values as unknown as Schema["RouteIn"]), ...common } });
  }, t("profile.saved"), onClose);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    try {
      JSON.parse(cost);
      saving.mutate(Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>);
    } catch {
      setWrong(true);
    }
  };
  return (
    <Dialog isOpen onClose={onClose} title={route ? `${route.model} · ${route.endpoint}` : t("route.add")} closeLabel={t("action.close")} footer={<><Button onClick={onClose}>{t("action.cancel")}</Button><Button type="submit" form="route" look="primary" isBusy={saving.isPending}>{t("action.save")}</Button></>}>
      <form id="route" onSubmit={submit} className="grid gap-4 sm:grid-cols-2">
        {!route && (
          <>
            <Field label={t("dialog.model")}><NativeSelect name="model" required>{models.data?.items.map((each) => <option key={each.slug}>{each.slug}</option>)}</NativeSelect></Field>
            <Field label={t("endpoint.one")}><NativeSelect name="endpoint" required>{endpoints.data?.items.map((each) => <option key={each.name}>{each.name}</option>)}</NativeSelect></Field>
            <Field label={t("route.driver")}><NativeSelect name="driver" required>{DRIVERS.map((each) => <option key={each}>{each}</option>)}</NativeSelect></Field>
            <Field label={t("route.upstream")}><Input name="upstream_name" required maxLength={200} className="font-mono" /></Field>
          </>
        )}
        <Field label={t("route.priority")} hint={t("route.priority_hint")}><Input name="priority" type="number" min={1} max={100} required defaultValue={route?.priority ?? 1} /></Field>
        <Field label={t("route.weight")} hint={t("route.weight_hint")}><Input name="weight" type="number" min={1} max={1000} required defaultValue={route?.weight ?? 1} /></Field>
        <Field label={t("route.cost_json")} hint={t("route.cost_hint")} error={isWrong ? t("model.json_wrong") : undefined} className="sm:col-span-2"><Textarea rows={8} spellCheck={false} className="font-mono text-[13px]" value={cost} onChange={(event) => setCost(event.target.value)} /></Field>
      </form>
    </Dialog>
  );
}
