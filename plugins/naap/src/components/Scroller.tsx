import { ReactNode } from 'react';

/** For what scrolls by itself and is drawn in its own way. */
export const REACHABLE = { tabIndex: 0 } as const;

/**
 * A part that scrolls by itself. The keyboard gets into it (WCAG 2.1.1), also where nothing in it can be activated.
 */
export function Scroller(props: {
  as?: 'div' | 'pre';
  /** What is in it, for those who don't see it. */
  label: string;
  className: string;
  children: ReactNode;
}) {
  const Element = props.as ?? 'div';
  return (
    <Element
      role="group"
      aria-label={props.label}
      className={props.className}
      {...REACHABLE}
    >
      {props.children}
    </Element>
  );
}
