import { cn } from "@kassa/ui";
import { PageLink } from "../app/nav";
import { moveBetweenRows, RowMenu, type RowsProps } from "./Table";

/** Rows as cards, where a table would not fit: the first column is the title, the others are lines below it. */
export function Cards<T>({ label, rows, columns, rowKey, linkTo, actions, isOld }: RowsProps<T>) {
  const [title, ...lines] = columns;
  if (!title) return null;
  return (
    <ul aria-label={label} onKeyDown={moveBetweenRows} className={cn("divide-y divide-line transition-opacity", isOld && "opacity-50")}>
      {rows.map((row) => (
        <li key={rowKey(row)} className={cn("relative flex gap-1 py-3.5 pl-4 has-[[data-row]:active]:bg-hover", actions ? "pr-2" : "pr-4")}>
          <div className="min-w-0 flex-1">
            <div className="mb-2 text-[15px] font-medium">
              {/* The link's own area is the whole card. */}
              {linkTo ? <PageLink {...linkTo(row)} data-row className="after:absolute after:inset-0">{title.cell(row)}</PageLink> : title.cell(row)}
            </div>
            <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-1 text-[13px]">
              {lines.filter((column) => !column.isWide).map((column) => (
                <div key={column.id} className="contents">
                  <dt className="text-ink-faint">{column.label}</dt>
                  <dd className="min-w-0 justify-self-end text-right break-words">{column.cell(row)}</dd>
                </div>
              ))}
            </dl>
          </div>
          {actions && <div className="relative z-10 -mt-1"><RowMenu>{actions(row)}</RowMenu></div>}
        </li>
      ))}
    </ul>
  );
}
