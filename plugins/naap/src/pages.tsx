import {
  RiBookOpenLine,
  RiFlowChart,
  RiPlayCircleLine,
  RiPulseLine,
  RiShieldCheckLine,
} from '@remixicon/react';

/** What the pages are called, in both frontend systems. */
export const PAGE_TITLES = {
  explorer: 'Explorer',
  pipelines: 'Pipelines',
  lineage: 'Lineage',
  quality: 'Data quality',
  definitions: 'Definitions',
};
export type PageName = keyof typeof PAGE_TITLES;

export const PAGE_ICONS: Record<PageName, JSX.Element> = {
  explorer: <RiPulseLine fontSize="inherit" />,
  pipelines: <RiPlayCircleLine fontSize="inherit" />,
  lineage: <RiFlowChart fontSize="inherit" />,
  quality: <RiShieldCheckLine fontSize="inherit" />,
  definitions: <RiBookOpenLine fontSize="inherit" />,
};
