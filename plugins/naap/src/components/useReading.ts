import { useMemo, useRef, useState } from 'react';

/**
 * Whether somebody is reading or working in an element: the pointer or the focus is in it. A refresh must not move
 * rows then. Spread `props` on the element.
 */
export function useReading() {
  const [pointer, setPointer] = useState(false);
  const [focus, setFocus] = useState(false);
  const props = useMemo(
    () => ({
      // A finger leaves no pointer behind, so touching holds nothing.
      onPointerEnter: (event: { pointerType: string }) =>
        setPointer(event.pointerType === 'mouse'),
      onPointerLeave: () => setPointer(false),
      onFocus: () => setFocus(true),
      onBlur: () => setFocus(false),
    }),
    [],
  );
  return { reading: pointer || focus, props };
}

/** The value, but the one of before while `hold` is true and `key` is the same. */
export function useHeld<T>(value: T, hold: boolean, key: string): T {
  const held = useRef({ value, key });
  if (!hold || held.current.key !== key) {
    held.current = { value, key };
  }
  return held.current.value;
}
