/** The order that somebody went away to pay: the payment page comes back to one address for all. */
const KEPT = "kassa-paying";

export const rememberPaying = (id: string): void => sessionStorage.setItem(KEPT, id);
export const payingNow = (): string | null => sessionStorage.getItem(KEPT);
export const RETURN_PATH = "/orders/current";
