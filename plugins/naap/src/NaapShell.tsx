import { QueryClientProvider } from '@tanstack/react-query';
import { ReactNode, Suspense, useState } from 'react';
import { createQueryClient } from './api/queries';
import tokens from './components/tokens.module.css';

/** What every page, tab and card of the plugin stands in: its colours, and the cache of its questions. */
export function NaapShell(props: { children: ReactNode; page?: boolean }) {
  const [queryClient] = useState(createQueryClient);
  const Root = props.page ? 'main' : 'div';
  return (
    <QueryClientProvider client={queryClient}>
      <Root className={tokens.root}>
        <Suspense fallback={null}>{props.children}</Suspense>
      </Root>
    </QueryClientProvider>
  );
}
