import { describe, expect, it } from '@jest/globals'
import { createMetrics, type GaugeReadings } from '../../../src/platform/metrics.js'

describe('scrapes that come together', () => {
  it('ask the database once, and none of them finds the gauges empty', async () => {
    const metrics = createMetrics({ processMetrics: false })
    let asked = 0
    let answer: (readings: GaugeReadings) => void = () => undefined
    const readings: GaugeReadings = {
      queues: [{ systemId: 'VILIS', state: 'QUEUED', count: 3, oldestSeconds: 7 }],
      outbox: { waiting: 1, lagSeconds: 2 },
      inbox: [{ source: 'VILIS', state: 'EARLY', count: 2, oldestSeconds: 90 }],
      systems: [{ systemId: 'VILIS', paused: true, inFlight: 4 }],
      breakers: [
        { systemId: 'VILIS', class: 'SEND', open: true },
        { systemId: 'VILIS', class: 'READ', open: false },
      ],
      feeds: [
        { systemId: 'VILIS', unreadSeconds: 15 },
        { systemId: 'ONE_STOP', unreadSeconds: null },
      ],
      atRisk: [{ systemId: 'VILIS', count: 4 }],
      alerts: {
        open: [{ rule: 'SYSTEM_DOWN', systemId: 'VILIS' }],
        unsent: [{ channel: 'mail', count: 2 }],
        unlookedSeconds: null,
      },
    }
    metrics.readGaugesBy(() => {
      asked += 1
      return new Promise((resolve) => {
        answer = resolve
      })
    })
    const scrapes = [metrics.scrape(), metrics.scrape(), metrics.scrape()]
    answer(readings)
    for (const { text } of await Promise.all(scrapes)) {
      expect(text).toContain('lienthong_queue_depth{system="VILIS",state="QUEUED"} 3')
      expect(text).toContain('lienthong_inbox_open{source="VILIS",state="EARLY"} 2')
      expect(text).toContain('lienthong_transfers_at_risk{system="VILIS"} 4')
      expect(text).toContain('lienthong_alert_open{rule="SYSTEM_DOWN",system="VILIS"} 1')
      expect(text).toContain('lienthong_alert_notices_unsent{channel="mail"} 2')
      expect(text).toContain('lienthong_alerts_looked_at_seconds +Inf')
      expect(text).toContain('lienthong_inbox_oldest_open_seconds{source="VILIS",state="EARLY"} 90')
      expect(text).toContain('lienthong_system_paused{system="VILIS"} 1')
      expect(text).toContain('lienthong_in_flight{system="VILIS"} 4')
      expect(text).toContain('lienthong_breaker_open{system="VILIS",class="SEND"} 1')
      expect(text).toContain('lienthong_breaker_open{system="VILIS",class="READ"} 0')
      expect(text).toContain('lienthong_feed_read_to_end_seconds{system="VILIS"} 15')
      expect(text).toContain('lienthong_feed_read_to_end_seconds{system="ONE_STOP"} +Inf')
    }
    expect(asked).toBe(1)
    const next = metrics.scrape()
    answer({ ...readings, queues: [] })
    expect((await next).text).not.toContain('lienthong_queue_depth{')
    expect(asked).toBe(2)
  })

  it('leave the gauges out when they cannot be read, and say so', async () => {
    const metrics = createMetrics({ processMetrics: false })
    metrics.readGaugesBy(async () => Promise.reject(new Error('no database')))
    expect((await metrics.scrape()).text).toContain('lienthong_gauges_read 0')
  })
})
