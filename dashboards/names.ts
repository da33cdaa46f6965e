// Names that rules, dashboards and documents share.

/** The job of the scrape configurations here. Every rule selects it: three families have no prefix of their own. */
export const JOB = 'mac';

/** Where the repository is, or is going to be: links to runbooks begin with it. */
export const REPOSITORY = 'https://github.com/metalstat/metalstat-exporter';

export const runbookUrl = (alert: string): string =>
  `${REPOSITORY}/blob/main/dashboards/runbooks/${alert}.md`;

/** The dashboards by the names of their files, with the identity that links need. */
export const DASHBOARDS = {
  mac: { uid: 'metalstat-mac', title: 'Mac' },
  'mac-fleet': { uid: 'metalstat-mac-fleet', title: 'Mac fleet' },
  'ml-host': { uid: 'metalstat-ml-host', title: 'ML host' },
} as const;
export type DashboardName = keyof typeof DASHBOARDS;

/** A Grafana path; what is before it, each installation knows. */
export const dashboardPath = (name: DashboardName): string => `/d/${DASHBOARDS[name].uid}`;
