import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Route, Routes } from 'react-router-dom';
import { createQueryClient } from './api/queries';
import { ExplorerPage } from './explorer/ExplorerPage';
import tokens from './components/tokens.module.css';

// The time line brings the chart library with it, which the Explorer does without.
const RequestPage = lazy(() =>
  import('./request/RequestPage').then(m => ({ default: m.RequestPage })),
);

/** The pages under /naap. */
export function NaapRouter() {
  const [queryClient] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <main className={tokens.root}>
        <Suspense fallback={null}>
          <Routes>
            <Route index element={<ExplorerPage />} />
            <Route path="requests/:requestId" element={<RequestPage />} />
          </Routes>
        </Suspense>
      </main>
    </QueryClientProvider>
  );
}
