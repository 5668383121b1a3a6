import {
  BasicPermission,
  createPermission,
} from '@backstage/plugin-permission-common';

/** To read KPIs, requests, what was quarantined and why, and freshness. */
export const naapKpiReadPermission = createPermission({
  name: 'naap.kpi.read',
  attributes: { action: 'read' },
});

/**
 * To read the text of messages: it holds addresses of clients and what they signed in with. It is no `read`, so a policy
 * that lets everybody read does not give it away.
 */
export const naapRawReadPermission = createPermission({
  name: 'naap.raw.read',
  attributes: {},
});

/** To see the steps of the pipeline and their runs. */
export const naapPipelineReadPermission = createPermission({
  name: 'naap.pipeline.read',
  attributes: { action: 'read' },
});

/** The steps that can be run by hand, in the order in which data passes them. */
export const STEP_IDS = [
  'scrape',
  'commit',
  'build',
  'sync',
  'maintain',
  'compare',
  'replay',
] as const;
export type StepId = (typeof STEP_IDS)[number];

/** To run one step now; each step has a permission of its own, such as `naap.pipeline.build`. */
export const naapStepPermissions = Object.fromEntries(
  STEP_IDS.map(id => [
    id,
    createPermission({ name: `naap.pipeline.${id}`, attributes: {} }),
  ]),
) as Record<StepId, BasicPermission>;

/** What can be done to a connector by hand. */
export const CONNECTOR_ACTIONS = ['pause', 'resume', 'restart'] as const;
export type ConnectorAction = (typeof CONNECTOR_ACTIONS)[number];

/** To do one of these to the connectors that write the lake, such as `naap.connector.pause`. */
export const naapConnectorPermissions = Object.fromEntries(
  CONNECTOR_ACTIONS.map(action => [
    action,
    createPermission({ name: `naap.connector.${action}`, attributes: {} }),
  ]),
) as Record<ConnectorAction, BasicPermission>;

/** Every permission of the plugin. */
export const naapPermissions: BasicPermission[] = [
  naapKpiReadPermission,
  naapRawReadPermission,
  naapPipelineReadPermission,
  ...Object.values(naapStepPermissions),
  ...Object.values(naapConnectorPermissions),
];
