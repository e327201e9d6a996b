import type { Exchange } from './exchange.js'
import type { MisbehaviourKind, MisbehaviourRule } from './misbehaviour.js'
import { TwinFault, type TwinReply } from './twin-fault.js'

type Act = (exchange: Exchange, rule: MisbehaviourRule) => void | Promise<void>

const answer: Act = async (exchange) => exchange.send(await exchange.process())

const raise = (rule: MisbehaviourRule, code: string, message: string, httpStatus = rule.httpStatus): TwinFault =>
  new TwinFault(rule.code ?? code, rule.message ?? message, httpStatus === undefined ? {} : { httpStatus })

/** Nested entities: a reader that expands them shows "lol" a thousand times; one that refuses document types is unharmed. */
const DOCTYPE =
  '<!DOCTYPE Envelope [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">' +
  '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'

/** An entity that names a file or an address: a reader that fetches it shows what stands there. */
const externalDoctype = (target: string): string => `<!DOCTYPE Envelope [<!ENTITY d SYSTEM "${target}">]>`

const withDoctype = (reply: TwinReply, doctype: string): TwinReply => ({
  ...reply,
  body: doctype + reply.body.replace(/^<\?xml[^>]*\?>/, '').replace(/(<(?:[\w.-]+:)?Body\b[^>]*>)/, '$1<!-- -->&d;'),
})

const cut = (reply: TwinReply): TwinReply => ({ ...reply, body: `${reply.body.slice(0, reply.body.length / 2)}<<&` })

/** What each misbehaviour does on the wire. The four that only change what a handler returns answer as usual here. */
const ACTS: Record<Exclude<MisbehaviourKind, 'OFFLINE'>, Act> = {
  REFUSE_BEFORE: (exchange, rule) => exchange.send(exchange.fault(raise(rule, 'Server', 'Hệ thống từ chối tiếp nhận'))),
  HTTP_503: (exchange, rule) => exchange.status(503, rule.retryAfter),
  HTTP_429: (exchange, rule) => exchange.status(429, rule.retryAfter),
  HTTP_503_AFTER: async (exchange, rule) => {
    await exchange.process()
    exchange.status(503, rule.retryAfter)
  },
  HANG: (exchange) => exchange.hang(),
  HANG_AFTER: async (exchange) => {
    await exchange.process()
    exchange.hang()
  },
  DROP_BEFORE: (exchange) => exchange.drop(),
  DROP_AFTER: async (exchange) => {
    await exchange.process()
    exchange.drop()
  },
  COMMIT_LATE: (exchange, rule) => {
    exchange.processLater(rule.delayMs ?? 60_000)
    if (rule.then === 'DROP') exchange.drop()
    else exchange.hang()
  },
  ANSWER_TWICE: async (exchange, rule) => {
    const first = await exchange.process()
    await exchange.process()
    if (rule.onWire) exchange.sendTwice(first)
    else exchange.send(first)
  },
  FAULT_IN_200: async (exchange, rule) => {
    if (rule.processed) await exchange.process()
    exchange.send(exchange.fault(raise(rule, 'Server', 'Lỗi xử lý', 200)))
  },
  FAULT_UNKNOWN: async (exchange, rule) => {
    if (rule.processed) await exchange.process()
    exchange.send(exchange.fault(raise(rule, 'ERR-9999', 'Lỗi không xác định')))
  },
  GARBAGE: async (exchange) => exchange.send(cut(await exchange.process()), 'BROKEN_REPLY'),
  OVERSIZED: async (exchange, rule) => exchange.sendPadded(await exchange.process(), rule.bytes ?? 32 * 1024 * 1024),
  RESET_MID_BODY: async (exchange) => exchange.sendHalf(await exchange.process()),
  DTD_REPLY: async (exchange, rule) => {
    const doctype = rule.externalEntity === undefined ? DOCTYPE : externalDoctype(rule.externalEntity)
    exchange.send(withDoctype(await exchange.process(), doctype), 'BROKEN_REPLY')
  },
  OTHER_ANSWER: async (exchange, rule) => {
    const foreign = exchange.foreignReply(rule.of ?? 'DOSSIER')
    await exchange.process()
    exchange.send(foreign, 'BROKEN_REPLY')
  },
  SLOW_DRIP: async (exchange, rule) => exchange.drip(await exchange.process(), rule.everyMs ?? 1000),
  ANSWER_LATE: async (exchange, rule) => exchange.sendLater(await exchange.process(), rule.delayMs ?? 60_000),
  LOSE_ATTACHMENT: answer,
  DOUBLE_ATTACHMENT: answer,
  SWAP_ATTACHMENT: answer,
  CHANGES_OUT_OF_ORDER: answer,
}

/** Ends the exchange as the rule says, or properly when there is none. */
export async function actOn(exchange: Exchange, rule: MisbehaviourRule | undefined): Promise<void> {
  const act = rule === undefined || rule.kind === 'OFFLINE' ? answer : ACTS[rule.kind]
  await act(exchange, rule ?? { kind: 'OFFLINE' })
}
