import { Route, Routes } from 'react-router-dom';
import { NaapShell } from '../NaapShell';
import { PipelinesPage } from './PipelinesPage';
import { RunPage } from './RunPage';

/** The pages under /naap/pipelines. */
export function PipelinesRouter() {
  return (
    <NaapShell page>
      <Routes>
        <Route index element={<PipelinesPage />} />
        <Route path="runs/:runId" element={<RunPage />} />
      </Routes>
    </NaapShell>
  );
}
