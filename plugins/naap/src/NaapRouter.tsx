import { lazy } from 'react';
import { Route, Routes } from 'react-router-dom';
import { ExplorerPage } from './explorer/ExplorerPage';
import { NaapShell } from './NaapShell';

// The time line brings the chart library with it, which the Explorer does without.
const RequestPage = lazy(() =>
  import('./request/RequestPage').then(m => ({ default: m.RequestPage })),
);
const ComparePage = lazy(() =>
  import('./compare/ComparePage').then(m => ({ default: m.ComparePage })),
);

/** The pages under /naap. */
export function NaapRouter() {
  return (
    <NaapShell page>
      <Routes>
        <Route index element={<ExplorerPage />} />
        <Route path="requests/:requestId" element={<RequestPage />} />
        <Route path="compare" element={<ComparePage />} />
      </Routes>
    </NaapShell>
  );
}
