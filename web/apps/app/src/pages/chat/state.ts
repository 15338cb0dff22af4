/** Where the chat is: its dialog and its model, and what there is to choose from. */
import { data, type Got, type Row } from "@kassa/api";
import { useQuery } from "@tanstack/react-query";
import { useI18n } from "../../app/i18n";
import { api, bot, queries } from "../../app/session";

export type Current = Got<"/api/v1/dialogs/current">;
export type Model = Row<"/api/v1/models">;
export type Dialog = Row<"/api/v1/dialogs">;

const query = { bot };

export const useCurrent = () =>
  useQuery({ queryKey: ["dialogs", "current"], queryFn: () => data(api.GET("/api/v1/dialogs/current", { params: { query } })) });

export function useModels() {
  const { locale } = useI18n();
  return useQuery({
    queryKey: ["models", locale],
    queryFn: () => data(api.GET("/api/v1/models", { params: { query: { bot, locale } } })).then((page) => page.items),
    staleTime: 300_000,
  });
}

/** Go on with a dialog (null: begin a new one), or let another model answer. */
export async function turnTo(body: { dialog_id?: string | null; model?: string }): Promise<void> {
  const current = await data(api.PUT("/api/v1/dialogs/current", { params: { query }, body }));
  queries.setQueryData(["dialogs", "current"], current);
}

/** What a model is called; its short name while that is not known, or when it is no longer offered. */
export function useModelName(): (slug: string) => string {
  const { data: models } = useModels();
  return (slug) => models?.find((model) => model.slug === slug)?.name ?? slug;
}
