import type { systemTexts } from './vi-system.js'

export const enSystemTexts: typeof systemTexts = {
  maintenance: {
    title: 'Maintenance',
    plan: 'Plan maintenance',
    planTitle: 'Plan maintenance of {{name}}',
    planLead:
      'In this window nothing is sent to the system, asked or read of it, and nobody is alarmed when it does not answer. It goes on by itself afterwards.',
    from: 'From',
    fromHint: 'Empty: from now on. Time of Viet Nam.',
    until: 'Until',
    untilHint: '72 hours at most.',
    planned: 'Maintenance of {{name}} is planned.',
    end: 'End it now',
    cancel: 'Take it back',
    endTitle: 'End the maintenance of {{name}}',
    cancelTitle: 'Take back the maintenance of {{name}}',
    endLead: 'Planned from {{from}} until {{until}}. What waits is sent at once.',
    ended: 'The maintenance of {{name}} is over.',
    running: 'In maintenance until {{until}}: {{reason}} ({{by}})',
    coming: 'Maintenance from {{from}} until {{until}}: {{reason}} ({{by}})',
    banner: '{{name}} is in maintenance until {{until}}: {{reason}}',
  },
  queue: {
    away: 'The queue (Redis) cannot be reached since {{since}}',
    goesOn:
      'Goes on: dossiers and what the systems tell are taken in, look-ups are answered. All that was taken in stands in the database: nothing is lost, nothing is sent twice.',
    waits:
      'Waits: sending, reading the systems’ changes, reconciliation and replay plans of the processes named below. When Redis is back all goes on by itself; nothing need be sent again.',
    todo: 'What to do: see whether Redis (its address is in REDIS_URL) runs, and the network to it from: {{processes}}. Processes not named here work on.',
  },
  timeline: {
    title: 'Health of the systems',
    hours1: '1 hour',
    hours24: '24 hours',
    hours168: '7 days',
    range: 'Range',
    table: 'Show as a table',
    system: 'System',
    state: 'State',
    from: 'From',
    until: 'Until',
    lasted: 'Lasted',
    states: {
      UP: 'Answering',
      UNKNOWN: 'Not known',
      BREAKER_OPEN: 'Breaker open',
      REFUSING: 'Answers, does not serve',
      DOWN: 'Not answering',
      PAUSED: 'Paused',
      MAINTENANCE: 'Maintenance',
    },
  },
}
