import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Pages draw charts and tables: on a busy machine that takes more than the one second of Testing Library. What never
// comes fails all the same, later.
configure({ asyncUtilTimeout: 60_000 });
