import { communesOn, officerAt } from './communes.js'
import { type DeskState, nextCode } from './desk.js'
import type { DeskDossier } from './desk-types.js'
import { drawFrom } from './draw.js'
import { paper } from './files.js'
import { addWorkingDays, deskDate, isOfficeTime } from './office-time.js'
import { madeUpPerson } from './people.js'
import { PROCEDURES } from './procedures.js'

/** Agency identifier of the district's desk. Its group number is an example: the real one is not public. */
const AGENCY = 'H58.22'

/** A land dossier as an officer of a commune takes it; `overrides` replace fields, also the code. */
export function makeDossier(state: DeskState, receivedAt: string, overrides: Partial<DeskDossier> = {}): DeskDossier {
  const draw = drawFrom(state.taken + 1)
  const commune = draw.one(communesOn(deskDate(receivedAt)))
  const procedure = PROCEDURES.find(({ code }) => code === overrides.procedureCode) ?? draw.one(PROCEDURES)
  const person = madeUpPerson(draw, commune.name)
  const code = overrides.code ?? nextCode(state, AGENCY, receivedAt)
  const sheet = String(draw.number(1, 60))
  const number = String(draw.number(1, 950))
  return {
    code,
    version: 1,
    procedureCode: procedure.code,
    procedureName: procedure.name,
    unitCode: commune.code,
    unitName: commune.name,
    // Outside office hours nobody stands at the desk.
    channel: isOfficeTime(receivedAt) ? draw.one([1, 1, 1, 2, 3]) : 2,
    applicant: { kind: 1, name: person.name, idNumber: person.idNumber, phone: person.phone, email: person.email, address: person.address },
    summary: `${procedure.name}, thửa ${number} tờ ${sheet}, ${commune.name}`,
    receivedAt,
    dueAt: addWorkingDays(receivedAt, procedure.workingDays),
    receivedBy: officerAt(commune, draw.number(0, 1)),
    status: 2,
    parcels: [
      {
        sheet,
        number,
        unitCode: commune.code,
        unitName: commune.name,
        area: `${draw.number(60, 4200)}.${draw.number(0, 9)}`,
        address: person.address,
      },
    ],
    certificates: procedure.hasCertificate
      ? [{ serial: `CD ${draw.number(10_000_000, 99_999_999)}`, register: `CS${draw.number(10_000, 99_999)}` }]
      : [],
    files: procedure.papers.map((name, index) => paper(name, index + 1, `${code} ${index + 1} ${name}`)),
    ...overrides,
  }
}
