import { useState } from "react";

/** The person's picture, or the first letters of their name. */
export function Avatar({ name, photo }: { name: string; photo: string }) {
  const [isBroken, setBroken] = useState(false);
  const letters = name.split(/\s+/).slice(0, 2).map((word) => word.charAt(0)).join("").toUpperCase();
  if (photo && !isBroken) return <img src={photo} alt="" width={64} height={64} loading="lazy" onError={() => setBroken(true)} className="size-16 rounded-full object-cover" />;
  return <span aria-hidden className="grid size-16 shrink-0 place-items-center rounded-full bg-brand-soft text-[22px] font-semibold text-brand-text">{letters}</span>;
}
