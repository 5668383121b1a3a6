import { useSidebarOpenState } from '@backstage/core-components';
import { Link } from 'react-router-dom';
import styles from './Logo.module.css';

/** The mark, and the name beside it while the sidebar is open. */
export function Logo() {
  const { isOpen } = useSidebarOpenState();
  return (
    <Link to="/" className={styles.link} aria-label="NaaP, to the Explorer">
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <path
          d="M4 22l7-9 6 6 9-12"
          fill="none"
          stroke="currentColor"
          strokeWidth="3"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
        <circle cx="26" cy="7" r="3" fill="currentColor" />
      </svg>
      {isOpen && <span className={styles.name}>NaaP</span>}
    </Link>
  );
}
