import { ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router-dom';
import styles from './Card.module.css';

// Far enough that a panel is there when it is scrolled to.
const NEAR = '400px';

/**
 * A panel of a page under its name. With `lazy`, what is in it comes, and asks its questions, when it is about to be
 * seen; until then it holds that height in px.
 */
export function Card(props: {
  id: string;
  children: ReactNode;
  lazy?: { title: string; height: number };
}) {
  const { id, children, lazy } = props;
  const section = useRef<HTMLElement>(null);
  const wasFocused = useRef(false);
  const [near, setNear] = useState(
    !lazy || typeof IntersectionObserver === 'undefined',
  );
  useEffect(() => {
    const element = section.current;
    if (near || !element) {
      return undefined;
    }
    const observer = new IntersectionObserver(
      entries => {
        if (entries.some(entry => entry.isIntersecting)) {
          wasFocused.current = element.contains(document.activeElement);
          setNear(true);
        }
      },
      { rootMargin: NEAR },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [near]);
  // Its name is another element then: the focus of who came here goes over to it.
  useLayoutEffect(() => {
    if (near && wasFocused.current) {
      section.current?.querySelector('h2')?.focus({ preventScroll: true });
    }
  }, [near]);
  return (
    <section
      ref={section}
      id={id}
      className={styles.card}
      style={{ minHeight: lazy?.height }}
    >
      {near ? children : lazy && <CardHead title={lazy.title} />}
    </section>
  );
}

/** Name of a panel, how much is in it, and what can be done with it. The focus can be put on the name. */
export function CardHead(props: {
  title: string;
  subtitle?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className={styles.head}>
      <h2 className={styles.title} tabIndex={-1}>
        {props.title}
        {props.subtitle !== undefined && (
          <span className={styles.subtitle}>{props.subtitle}</span>
        )}
      </h2>
      {props.children && <div className={styles.actions}>{props.children}</div>}
    </div>
  );
}

/** Brings a panel into view and puts the focus on its name, so that the keyboard goes on from it. */
export function goToCard(id: string) {
  const card = document.getElementById(id);
  card?.scrollIntoView({ block: 'start' });
  card?.querySelector('h2')?.focus({ preventScroll: true });
}

/** Goes to the panel that the URL names, once the panels are there. */
export function useAnchor(ready: boolean) {
  const { hash } = useLocation();
  useEffect(() => {
    if (!ready || !hash) {
      return undefined;
    }
    // A link to a part of the page takes the focus away once it has been followed.
    const frame = requestAnimationFrame(() => goToCard(hash.slice(1)));
    return () => cancelAnimationFrame(frame);
  }, [ready, hash]);
}
