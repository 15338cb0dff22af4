/** The mark: a receipt with a K cut into it. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden>
      <path d="M5 4.500A3.500 3.500 0 0 1 8.500 1h15A3.500 3.500 0 0 1 27 4.500V31l-3.700-2.600L19.700 31 16 28.400 12.300 31l-3.600-2.600L5 31z" className="fill-brand" />
      <path d="M12 8v13M20.500 8 13 14.700 20.500 21" fill="none" className="stroke-brand-ink" strokeWidth="2.800" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
