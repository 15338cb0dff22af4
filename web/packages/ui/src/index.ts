/** Components of our own, thin over Radix: looks come from the tokens, words from whoever uses them. */
export { toast } from "sonner";
export * from "./Avatar";
export * from "./Badge";
export * from "./Button";
export * from "./Card";
export * from "./cn";
export * from "./Code";
export * from "./Copy";
export * from "./Dialog";
export * from "./Field";
export * from "./Menu";
export * from "./Popover";
export * from "./States";
export * from "./Tabs";
export * from "./Toaster";
export * from "./Toggle";
export * from "./Tooltip";
