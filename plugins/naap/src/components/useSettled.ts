import { useEffect, useState } from 'react';

const SETTLED_MS = 250;

/** A value once it has not changed for a quarter of a second: what is typed, without every letter of it. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
