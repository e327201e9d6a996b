import type { CauseClass, CauseWords } from './cause-classes.js'
import type { CauseSide } from './cause-side.js'
import type { JudgementCode } from './failure-code.js'
import type { HeldReason } from './transfer-state.js'

/** The words of `cause-words.ts` and `cause-classes.ts` in English, for who reads English: the same codes, the same advice. Whose side a cause is on stands there. */
export type EnglishWords = Pick<CauseWords, 'what' | 'next'>

const TELL = 'If it lasts over 15 minutes, tell the technical contact of'
const NOT_YET = 'Nothing to do yet:'

export const ENGLISH_SIDES: Readonly<Record<CauseSide, (name: string) => string>> = {
  OURS: () => 'The gateway’s side',
  THEIRS: (name) => `The side of ${name}`,
  NETWORK: (name) => `The network to ${name}`,
  DESK: () => 'The reception desk',
  DATA: () => 'The dossier’s data',
  UNKNOWN: () => 'Not known whose side',
}

export const ENGLISH_CLASSES: Readonly<Record<CauseClass, EnglishWords>> = {
  NOT_LISTENING: {
    what: (name) => `the server of ${name} takes no connections`,
    next: (name) => `${NOT_YET} the gateway sends again by itself. ${TELL} ${name} that the service is not running.`,
  },
  NO_ADDRESS: {
    what: (name) => `the address of the server of ${name} cannot be looked up`,
    next: (name) => `Check the DNS server and the address of ${name} in the configuration; the gateway sends again by itself.`,
  },
  NO_ROUTE: {
    what: (name) => `there is no network route to ${name}`,
    next: (name) => `Check the line and the firewall to ${name}; the gateway sends again by itself.`,
  },
  CUT: {
    what: (name) => `the connection to ${name} was cut in between`,
    next: (name) =>
      `${NOT_YET} the gateway asks first, then sends again. If it happens often, check the line and the devices between here and ${name}.`,
  },
  SECURE_CHANNEL: {
    what: (name) => `no encrypted channel to ${name} could be made, or its certificate is not trusted`,
    next: (name) => `Check the expiry of the certificate of ${name} and the root certificate in the gateway’s configuration.`,
  },
  CREDENTIALS: {
    what: (name) => `${name} does not accept the gateway’s account`,
    next: (name) => `Check the gateway’s account and password at ${name} and the server’s clock; ask for new ones if they have expired.`,
  },
  WRONG_ADDRESS: {
    what: (name) => `${name} has no service at the configured address`,
    next: (name) => `Check the address (endpoint) of ${name} in the configuration.`,
  },
  MESSAGE_TOO_LARGE: {
    what: (name) => `${name} does not take so large a message`,
    next: () => 'Make the attached files smaller at the desk and “Supersede”, or ask the other side to raise its limit.',
  },
  SLOW_DOWN: {
    what: (name) => `${name} asks to be called more slowly`,
    next: (name) =>
      `${NOT_YET} the gateway waits as long as it was asked to. If it lasts, lower the number of requests a second to ${name}.`,
  },
  OUT_OF_SERVICE: {
    what: (name) => `${name} is out of service for now`,
    next: (name) => `${NOT_YET} the gateway asks and sends again by itself. ${TELL} ${name}.`,
  },
  THEIR_FAULT: {
    what: (name) => `${name} failed while it processed the request`,
    next: (name) =>
      `The gateway asks again by itself. If it happens again, send the code and the answer of one attempt to the technical contact of ${name}.`,
  },
  SILENT: {
    what: (name) => `${name} did not answer in time`,
    next: (name) =>
      `${NOT_YET} the gateway asks before it sends again. If it lasts, tell the technical contact of ${name} that the service hangs or is overloaded.`,
  },
  UNREADABLE: {
    what: (name) => `the answer of ${name} cannot be read, or is not to this request`,
    next: (name) =>
      `The gateway asks before it sends again. If it happens again, send the answer of one attempt, as it came, to the technical contact of ${name}.`,
  },
  GATEWAY: {
    what: () => 'the gateway was interrupted while it was sending',
    next: () => `${NOT_YET} the gateway asks and goes on. If it happens again, look at the log of the worker.`,
  },
  NO_RIGHT: {
    what: (name) => `the gateway’s account has no right to this operation at ${name}`,
    next: (name) => `Ask the administrator of ${name} to grant it to the gateway’s account; then the gateway sends again by itself.`,
  },
  CLOSED: {
    what: (name) => `${name} answered that it is under maintenance or takes nothing for now`,
    next: (name) =>
      `${NOT_YET} the gateway sends again by itself. Ask the contact of ${name} when it opens again; if that is long, “Plan maintenance”, so that nobody is alarmed.`,
  },
  BUSY: {
    what: (name) => `${name} answered that it is overloaded`,
    next: (name) =>
      `${NOT_YET} the gateway sends again by itself. If it lasts, lower the number of requests a second to ${name} and tell its technical contact.`,
  },
  NOT_NOW: {
    what: (name) => `${name} answered that it takes nothing now`,
    next: (name) =>
      `The gateway sends again by itself. If it lasts, ask the contact of ${name} what the code means: maintenance, an expired session, a missing right.`,
  },
  REFUSED_FIELD: {
    what: (name) => `${name} refused it because of a field`,
    next: () =>
      'Press “Amend and send” and give the right value, or mend the field where the data are kept (desk, ViLIS, reference data) and “Supersede”; if the fault was theirs and is mended, “Replay”.',
  },
  REFUSED_FORM: {
    what: (name) => `${name} does not take it in the form in which the gateway sends it`,
    next: (name) =>
      `Tell the gateway’s technicians, with the code: check the contract (WSDL) of ${name} in use; when that is mended, “Replay”. If it is a value of this dossier alone: “Amend and send”.`,
  },
  REFUSED: {
    what: (name) => `${name} refused it`,
    next: (name) =>
      `Read the reason that ${name} gives in the transfer. The data are wrong: “Amend and send”, or mend them at the source and “Supersede”. ${name} is wrong: wait until it is mended there, then “Replay”.`,
  },
  OTHER: {
    what: (name) => `it could not be handed to ${name}`,
    next: () => 'Look at the attempts of a transfer; tell the technicians, with the code.',
  },
}

const DIRECTLY = 'then confirm the outcome'

export const ENGLISH_JUDGED: Readonly<Record<JudgementCode, EnglishWords>> = {
  OTHER_CONTENT: {
    what: (name) => `${name} holds other content than was sent`,
    next: (name) =>
      `Compare the dossier at ${name} with the one here. They are right: confirm that it was taken. We are right: have it mended there, then replay (the gateway asks before it sends).`,
  },
  OTHER_FIELDS: {
    what: (name) => `${name} holds other values in some fields`,
    next: (name) =>
      `Compare the named fields with the dossier at ${name}; mend the side that is wrong, then confirm that it was taken, or replay.`,
  },
  OTHER_FILES: {
    what: (name) => `${name} holds too few, too many or wrong files`,
    next: (name) =>
      `Compare the papers of the dossier at ${name}; have the files added there and confirm that it was taken; or have that dossier removed and confirm that it is not there, and the transfer is sent again.`,
  },
  NEWER_VERSION: {
    what: (name) => `${name} holds a newer version already`,
    next: () => 'Find out who has changed it there. If the newer content is right, give this transfer up.',
  },
  OTHER_KEY: {
    what: (name) => `the answer of ${name} bears another transaction id`,
    next: (name) => `Look the dossier up at ${name}, ${DIRECTLY}; tell the technical contact of ${name} if it happens again.`,
  },
  OTHER_DOSSIER: {
    what: (name) => `the answer of ${name} is about another dossier`,
    next: (name) => `Look the dossier up at ${name}, ${DIRECTLY}; tell the technical contact of ${name} at once.`,
  },
  UNCLEAR_RESULT: {
    what: (name) => `the answer of ${name} says neither taken nor refused`,
    next: (name) => `The gateway asks again by itself. If it is held: look the dossier up at ${name}, ${DIRECTLY}.`,
  },
  EXISTS_UNSEEN: {
    what: (name) => `${name} says that it exists, and an inquiry does not find it`,
    next: (name) => `Have ${name} look for the dossier in its system, ${DIRECTLY}.`,
  },
  CONTRADICTED: {
    what: (name) => `${name} had answered that it was taken, and now that it is not there`,
    next: (name) => `Have ${name} look for the dossier, ${DIRECTLY}; nothing is sent again before that is clear.`,
  },
  NO_INQUIRY: {
    what: (name) => `the outcome is not known, and no way to inquire was agreed with ${name}`,
    next: (name) => `Look the dossier up directly at ${name}, ${DIRECTLY}.`,
  },
  UNTOLD: {
    what: (name) => `${name} does not tell enough to compare`,
    next: (name) => `Look the dossier up directly at ${name}, ${DIRECTLY}.`,
  },
  NOT_COMPARABLE: {
    what: (name) => `the content at ${name} cannot be compared with what was sent`,
    next: (name) => `Look the dossier up directly at ${name}, ${DIRECTLY}.`,
  },
  FOREIGN_OPERATION: {
    what: (name) => `${name} does not have this operation`,
    next: () => 'Check the routes and the contract (WSDL) in use.',
  },
  MAPPING_MISSING: {
    what: (name) => `a code has no mapping to ${name}`,
    next: () => 'Load the missing row (lienthong mappings load): what is held for it goes on by itself.',
  },
  PREDECESSOR_MISSING: {
    what: (name) => `${name} does not have this dossier, because the transfer that introduces it was given up`,
    next: (name) =>
      `Supersede the introduction that was given up, or confirm that the dossier was entered at ${name}: what stands behind goes on by itself.`,
  },
  RESTORING: {
    what: () => 'changes are being read again after the database was restored',
    next: () => `${NOT_YET} the gateway goes on when all is read.`,
  },
  DEADLINE: ENGLISH_CLASSES.GATEWAY,
  STALLED: ENGLISH_CLASSES.GATEWAY,
  INTERNAL: {
    what: () => 'an internal fault of the gateway',
    next: () => 'Tell the gateway’s technicians: the log of the worker says more.',
  },
}

export const ENGLISH_HELD: Readonly<Record<HeldReason, EnglishWords>> = {
  MAPPING_MISSING: ENGLISH_JUDGED.MAPPING_MISSING,
  ATTACHMENT_MISSING: {
    what: () => 'the file store lacks a file of the dossier',
    next: () => 'Restore the file to the store, or have the desk send the dossier again, then replay this transfer.',
  },
  ATTACHMENT_TOO_LARGE: {
    what: (name) => `an attached file is larger than ${name} takes`,
    next: () => 'Make the file smaller at the desk and “Supersede”; raise the limit in the configuration if the other side allows it.',
  },
  BODY_INVALID: {
    what: (name) => `the content breaks the contract of ${name} and was not sent`,
    next: () => 'Mend the named field: “Amend and send”, or mend it where the data are kept and “Supersede”.',
  },
  CONFLICT: ENGLISH_JUDGED.OTHER_CONTENT,
  UNCERTAIN: {
    what: (name) => `it cannot be told whether ${name} has it`,
    next: (name) => `Look the dossier up directly at ${name}, then confirm: it is there, or it is not. Nothing is sent again before that.`,
  },
  PREDECESSOR_MISSING: ENGLISH_JUDGED.PREDECESSOR_MISSING,
  ADOPT_ABSENT: {
    what: (name) => `comparing history: ${name} does not have this dossier`,
    next: (name) =>
      `${name} needs it: replay (it is really sent). It is there under another code, or is not needed: confirm that it was taken, or give it up.`,
  },
  ADOPT_DIFFERS: {
    what: (name) => `comparing history: ${name} holds other values`,
    next: (name) =>
      `Compare the named fields with the dossier at ${name}; mend the side that is wrong, then confirm that it was taken, or replay to compare once more.`,
  },
  AWAITING_APPROVAL: {
    what: () => 'the content was amended, differs from its source and awaits a second person',
    next: () => 'Another operator looks at the amended fields and approves or declines; once approved, it goes by itself.',
  },
  AMENDMENT_DECLINED: {
    what: () => 'the amended content was declined and is not sent',
    next: () => 'Amend it again (“Amend and send”), or send what its source says now (“Supersede”).',
  },
}

export const ENGLISH_RESTORED: EnglishWords = {
  what: () => 'the database was restored from a backup; it is not known whether the other side has it',
  next: () => `${NOT_YET} the gateway asks the other side before it sends. See the progress of the recovery.`,
}

export const ENGLISH_OTHER_CODES: EnglishWords = {
  what: (name) => `${name} answered with too many different codes within an hour; they are taken as one`,
  next: (name) => `See the code in each transfer; tell the technical contact of ${name} that each failure bears another code.`,
}
